namespace TechMarket.LocalServers;

/// <summary>Something has to be installed or freed by a person first. The message is the one line that is shown; it says what to do.</summary>
public sealed class CannotStartException(string message) : Exception(message);

namespace TechMarket.Events;

/// <summary>An enterprise asks the market for a technology. A later <paramref name="Version"/> replaces an earlier one.</summary>
/// <param name="NeedId">Its id.</param>
/// <param name="Version">Counts the published states of this need from 1.</param>
/// <param name="OrganisationId">Who asks; null where an imported need names nobody.</param>
/// <param name="Title">What is needed, in a line.</param>
/// <param name="TechField">One of the eight high-tech fields, if known.</param>
/// <param name="IndustryCode">GB/T 4754-2017 with its section letter, if known.</param>
/// <param name="RegionCode">GB/T 2260, if known.</param>
/// <param name="PublishedAt">When this state was published.</param>
public sealed record NeedPublished(
    Guid NeedId,
    long Version,
    Guid? OrganisationId,
    string Title,
    string? TechField,
    string? IndustryCode,
    string? RegionCode,
    DateTimeOffset PublishedAt);

/// <summary>A need is no longer open: met, withdrawn or past its validity.</summary>
/// <param name="NeedId">Its id.</param>
/// <param name="Version">Higher than that of every state published before.</param>
/// <param name="Reason">met, withdrawn or expired.</param>
/// <param name="ClosedAt">When.</param>
public sealed record NeedClosed(Guid NeedId, long Version, string Reason, DateTimeOffset ClosedAt);

namespace TechMarket.SystemTests;

/// <summary>A folder that is gone after the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    readonly string path = Directory.CreateTempSubdirectory("techmarket-test-").FullName;

    /// <summary>A path in it.</summary>
    public string Part(string name) => Path.Combine(path, name);

    public void Dispose() => Directory.Delete(path, recursive: true);
}

namespace TechMarket.TestKit;

/// <summary>The one PostgreSQL server of a test run.</summary>
public static class TestPostgres
{
    public static Task<string> ConnectionStringAsync(CancellationToken ct) =>
        Environment.GetEnvironmentVariable("TECHMARKET_POSTGRES") is { Length: > 0 } given
            ? Task.FromResult(given)
            : throw new InvalidOperationException("TECHMARKET_POSTGRES is not set.");
}

namespace TechMarket.TestKit;

/// <summary>Runs like the system's clock, from wherever a test puts it. Timers keep real time.</summary>
public sealed class TestClock : TimeProvider
{
    TimeSpan offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;

    public void Advance(TimeSpan by) => offset += by;

    public void Set(DateTimeOffset now) => offset = now - base.GetUtcNow();
}

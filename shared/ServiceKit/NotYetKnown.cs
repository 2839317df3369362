namespace TechMarket.ServiceKit;

/// <summary>Waits for what another service has surely announced but the event has not brought here yet.</summary>
public static class NotYetKnown
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    /// <summary>409 <c>urn:techmarket:not-yet-known</c> with Retry-After.</summary>
    public static Answer Answer { get; } = ServiceKit.Answer.Refused(Refusals.NotYetKnown) with { RetryAfterSeconds = 1 };

    /// <summary>The thing as soon as it is known here, or null after two seconds.</summary>
    public static async Task<T?> WaitAsync<T>(TimeProvider clock, Func<Task<T?>> find, CancellationToken ct)
        where T : class
    {
        var end = clock.GetUtcNow() + LongestWait;
        while (true)
        {
            if (await find() is { } found) return found;
            if (clock.GetUtcNow() >= end) return null;
            await Task.Delay(PollInterval, clock, ct);
        }
    }
}

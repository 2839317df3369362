using System.Diagnostics;

namespace TechMarket.Standalone;

/// <summary>Says what is going on when it takes longer than two seconds. Lines go to the error stream, in Chinese and English.</summary>
public static class Progress
{
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Does a step and says so while it lasts.</summary>
    public static Task<T> StepAsync<T>(string what, Func<Task<T>> step) => StepAsync(() => what, step);

    /// <summary>Does a step and says how far it is while it lasts.</summary>
    public static async Task<T> StepAsync<T>(Func<string> what, Func<Task<T>> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        using var done = new CancellationTokenSource();
        var watching = WatchAsync(what, done.Token);
        try
        {
            return await step();
        }
        finally
        {
            await done.CancelAsync();
            await watching;
        }
    }

    /// <summary>Does a step and says so while it lasts.</summary>
    public static Task StepAsync(string what, Func<Task> step) => StepAsync(what, async () =>
    {
        await step();
        return true;
    });

    static async Task WatchAsync(Func<string> what, CancellationToken done)
    {
        var watch = Stopwatch.StartNew();
        for (var wait = Silence; ; wait = Interval)
        {
            await Task.Delay(wait, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested) return;
            await Console.Error.WriteLineAsync($"… {what()} {watch.Elapsed.TotalSeconds:0} s");
        }
    }
}

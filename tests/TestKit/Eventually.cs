using System.Diagnostics;

namespace TechMarket.TestKit;

/// <summary>Waits for what must come; the failure shows the last sample.</summary>
public static class Eventually
{
    public static async Task<T> Async<T>(Func<Task<T>> sample, Func<T, bool> holds, int withinSeconds = 20)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var last = await sample();
            if (holds(last)) return last;
            if (watch.Elapsed.TotalSeconds > withinSeconds)
                throw new TimeoutException($"It did not come within {withinSeconds} s. The last sample was: {last}");
            await Task.Delay(20);
        }
    }
}

/// <summary>Seeded chance: the same seed gives the same history; a failure prints the seed.</summary>
public static class Randomly
{
    public static void Run(int histories, Action<Random> run, int firstSeed = 1)
    {
        for (var seed = firstSeed; seed < firstSeed + histories; seed++)
        {
            try
            {
                run(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed}: {e.Message}", e);
            }
        }
    }
}

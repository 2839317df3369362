using System.Diagnostics;
using System.Text.Json.Nodes;

namespace TechMarket.Tools;

/// <summary>Sends a collection to the market in batches, several at a time, and keeps account of what became of every record.</summary>
/// <param name="bureau">The bureau that signs the screening decision for what is imported.</param>
public sealed class Import(MarketClient bureau)
{
    const int BatchRecords = 250;
    const int BatchesAtOnce = 2;

    /// <summary>What became of a collection.</summary>
    /// <param name="Accepted">New or changed records.</param>
    /// <param name="Unchanged">Records that were here already.</param>
    /// <param name="Rejected">Records that were refused, each with its reason.</param>
    /// <param name="Took">From the first batch to the last answer.</param>
    public sealed record Outcome(int Accepted, int Unchanged, IReadOnlyList<Rejection> Rejected, TimeSpan Took)
    {
        /// <summary>Records answered for in a second.</summary>
        public double RecordsPerSecond => (Accepted + Unchanged + Rejected.Count) / Math.Max(Took.TotalSeconds, 0.001);
    }

    /// <summary>A record that the market refused.</summary>
    /// <param name="SourceId">Its id at the source.</param>
    /// <param name="Title">Its title, to recognise it by.</param>
    /// <param name="Reason">The fields at fault and what is wrong with each.</param>
    public sealed record Rejection(string SourceId, string Title, string Reason);

    /// <summary>Sends it all. Sending it again changes nothing.</summary>
    /// <param name="collection">What to send.</param>
    /// <param name="done">Told how many records have been answered for.</param>
    /// <param name="ct">Ends it; what was answered stays.</param>
    public async Task<Outcome> RunAsync(SourceCollection collection, Action<int> done, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var (accepted, unchanged, answered) = (0, 0, 0);
        List<Rejection> rejected = [];
        var tally = new Lock();
        await Parallel.ForEachAsync(collection.Records.Chunk(BatchRecords),
            new ParallelOptions { MaxDegreeOfParallelism = BatchesAtOnce, CancellationToken = ct },
            async (batch, cancel) =>
            {
                var items = new JsonArray([.. batch.Select(record => record.DeepClone())]);
                var answer = await bureau.PostAsync(collection.Path, new JsonObject { ["source"] = collection.Name, ["items"] = items }, cancel);
                lock (tally)
                {
                    foreach (var (result, record) in answer["items"]!.AsArray().Zip(batch))
                    {
                        switch ((string?)result!["result"])
                        {
                            case "accepted": accepted++; break;
                            case "unchanged": unchanged++; break;
                            default: rejected.Add(Refused(record, result)); break;
                        }
                    }

                    answered += batch.Length;
                    done(answered);
                }
            });
        return new Outcome(accepted, unchanged, rejected, clock.Elapsed);
    }

    static Rejection Refused(JsonObject record, JsonNode result)
    {
        var reasons = result["errors"]?.AsObject().Select(
            error => $"{error.Key}: {string.Join(" ", error.Value!.AsArray().Select(text => (string)text!))}") ?? [];
        return new Rejection((string?)record["sourceId"] ?? "", (string?)record["title"] ?? "", string.Join("; ", reasons));
    }
}

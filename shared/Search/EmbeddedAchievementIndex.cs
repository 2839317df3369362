using TechMarket.Events;

namespace TechMarket.Search;

/// <summary>The index in the process: an inverted index in memory, with what it holds packed small. Any number may search while one writes;
/// a write takes effect as a whole and is found by the next search.</summary>
public sealed class EmbeddedAchievementIndex : IAchievementIndex, IDisposable
{
    const int WriteChunk = 32;
    const int HighlightsMax = 100;
    const int GoneMin = 1000;

    [ThreadStatic]
    static TextAnalyser? analyserOfThread;

    readonly ReaderWriterLockSlim gate = new();
    readonly Lock writer = new();
    readonly Dictionary<Guid, (long Version, int Record)> held = [];
    IndexTables tables = new();

    static TextAnalyser Analyser => analyserOfThread ??= new TextAnalyser();

    /// <inheritdoc/>
    public ValueTask UpsertAsync(IReadOnlyList<AchievementPublished> achievements, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(achievements);
        foreach (var chunk in achievements.Chunk(WriteChunk))
        {
            ct.ThrowIfCancellationRequested();
            lock (writer)
            {
                // The slow part is done while others still search.
                var fresh = chunk.Where(IsNewer).Select(achievement => RecordAnalysis.Of(Analyser, achievement)).ToList();
                Write(() => fresh.ForEach(Put));
                CompactWhenWorthIt();
            }
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask DeleteAsync(Guid achievementId, long version, CancellationToken ct)
    {
        lock (writer)
        {
            var known = held.TryGetValue(achievementId, out var entry);
            if (known && entry.Version > version) return default;
            Write(() =>
            {
                if (known && entry.Record >= 0) tables.Remove(entry.Record);
                held[achievementId] = (version, -1);
            });
            CompactWhenWorthIt();
        }

        return default;
    }

    /// <inheritdoc/>
    public ValueTask<SearchAnswer> SearchAsync(SearchQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        IReadOnlyList<QueryTerm> terms = string.IsNullOrWhiteSpace(query.Text)
            ? []
            : QueryTerms.Of(Analyser, query.Text, telling: query.MaxTerms is not null);
        FoundRecords found;
        gate.EnterReadLock();
        try
        {
            found = new IndexSearch(tables, query, terms).Run();
        }
        finally
        {
            gate.ExitReadLock();
        }

        ct.ThrowIfCancellationRequested();
        var highlighter = terms.Count > 0 && query.Limit <= HighlightsMax ? new Highlighter(Analyser, terms) : null;
        return ValueTask.FromResult(new SearchAnswer([.. found.Hits.Select(Hit)], found.Total, found.Facets));

        SearchHit Hit(FoundRecord hit)
        {
            var achievement = RecordAnalysis.Unpack(hit.Packed);
            return new SearchHit(
                achievement, terms.Count > 0 ? hit.SortKey : 0, highlighter?.Of(achievement) ?? new Dictionary<string, string>(), hit.SortKey);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken ct)
    {
        gate.EnterReadLock();
        try
        {
            return ValueTask.FromResult((long)(tables.Count - tables.Gone));
        }
        finally
        {
            gate.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => gate.Dispose();

    bool IsNewer(AchievementPublished achievement) =>
        !held.TryGetValue(achievement.AchievementId, out var entry) || entry.Version < achievement.Version;

    void Put(AnalysedRecord record)
    {
        // Asked again: one chunk may hold two states of one achievement.
        if (!IsNewer(record.Achievement)) return;
        if (held.TryGetValue(record.Achievement.AchievementId, out var entry) && entry.Record >= 0) tables.Remove(entry.Record);
        held[record.Achievement.AchievementId] = (record.Achievement.Version, tables.Add(record));
    }

    /// <summary>Builds the tables anew beside the live ones when a quarter of them is gone, and swaps.</summary>
    void CompactWhenWorthIt()
    {
        if (tables.Gone < GoneMin || tables.Gone < tables.Count / 4) return;
        var compacted = tables.Compacted();
        Write(() =>
        {
            tables = compacted;
            for (var i = 0; i < compacted.Count; i++) held[compacted.Records[i].Id] = (compacted.Records[i].Version, i);
        });
    }

    void Write(Action change)
    {
        gate.EnterWriteLock();
        try
        {
            change();
        }
        finally
        {
            gate.ExitWriteLock();
        }
    }
}

using System.Runtime.InteropServices;
using TechMarket.Events;

namespace TechMarket.Search;

/// <summary>A published record, analysed and packed, ready to be added.</summary>
sealed record AnalysedRecord(
    AchievementPublished Achievement, byte[] Packed, IReadOnlyList<TermCount> Terms, int TextLength, int TitleLength, int KeywordsLength);

/// <summary>How often a record has a term.</summary>
readonly record struct TermCount(ulong Term, int Title, int Keywords, int Text);

/// <summary>The properties of a record that filters and facets need, a few bytes each; texts are numbers of a small dictionary.</summary>
struct RecordColumns
{
    public Guid Id;
    public long Version;
    public byte[]? Packed;
    public long PublishedTicks;
    public int TextLength;
    public ushort TitleLength;
    public ushort KeywordsLength;
    public ushort TechField;
    public ushort Industry;
    public ushort Region;
    public ushort Language;
    public ulong TransferModes;
    public sbyte Trl;

    /// <summary>It was replaced or withdrawn.</summary>
    public readonly bool IsGone => Packed is null;
}

/// <summary>The index itself: posting lists and columns, appended to by one writer while nobody reads, read by many while nobody writes.</summary>
sealed class IndexTables
{
    const int ModesMax = 64;
    readonly Dictionary<ulong, int> terms = [];
    PostingList[] postings = new PostingList[1024];
    RecordColumns[] records = new RecordColumns[256];

    /// <summary>Numbers of the texts in the columns; 0 is the missing one.</summary>
    public Dictionary<string, ushort> Numbers { get; } = new() { [""] = 0 };

    /// <summary>The texts by their number.</summary>
    public List<string> Texts { get; } = [""];

    /// <summary>The transfer modes by their bit; the market has a dozen.</summary>
    public List<string> Modes { get; } = [];

    /// <summary>How many records were ever added.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them are gone.</summary>
    public int Gone { get; private set; }

    /// <summary>The sum of the lengths of each field.</summary>
    public (long Text, long Title, long Keywords) Lengths { get; private set; }

    /// <summary>The records in the order they were added.</summary>
    public ReadOnlySpan<RecordColumns> Records => records.AsSpan(0, Count);

    /// <summary>Adds a record; answers its number.</summary>
    public int Add(AnalysedRecord record)
    {
        if (Count == records.Length) Array.Resize(ref records, Count + (Count / 2));
        var achievement = record.Achievement;
        records[Count] = new RecordColumns
        {
            Id = achievement.AchievementId,
            Version = achievement.Version,
            Packed = record.Packed,
            PublishedTicks = achievement.PublishedAt.UtcTicks,
            TextLength = record.TextLength,
            TitleLength = (ushort)Math.Min(record.TitleLength, ushort.MaxValue),
            KeywordsLength = (ushort)Math.Min(record.KeywordsLength, ushort.MaxValue),
            TechField = Number(achievement.TechField),
            Industry = Number(achievement.IndustryCode),
            Region = Number(achievement.RegionCode),
            Language = Number(achievement.Language),
            TransferModes = achievement.TransferModes.Aggregate(0UL, (modes, mode) => modes | ModeBit(mode)),
            Trl = (sbyte)Math.Clamp(achievement.Trl ?? 0, 0, 100),
        };
        foreach (var term in record.Terms) ListOf(term.Term).Add(Count, term.Title, term.Keywords, term.Text);
        AddLengths(records[Count]);
        return Count++;
    }

    /// <summary>The record is not found any more; its postings stay until the next compaction.</summary>
    public void Remove(int record)
    {
        records[record].Packed = null;
        Gone++;
    }

    /// <summary>The postings of a term; false when no record has it.</summary>
    public bool TryFind(ulong term, out PostingList list)
    {
        var found = terms.TryGetValue(term, out var number);
        list = found ? postings[number] : default;
        return found;
    }

    /// <summary>A copy without what is gone.</summary>
    public IndexTables Compacted()
    {
        var copy = new IndexTables();
        foreach (var text in Texts.Skip(1)) copy.Number(text);
        copy.Modes.AddRange(Modes);
        var moved = new int[Count];
        copy.records = new RecordColumns[Math.Max(256, Count - Gone + ((Count - Gone) / 8))];
        for (var i = 0; i < Count; i++)
        {
            moved[i] = records[i].IsGone ? -1 : copy.Count;
            if (records[i].IsGone) continue;
            copy.records[copy.Count++] = records[i];
            copy.AddLengths(records[i]);
        }

        foreach (var (term, number) in terms)
        {
            var reader = postings[number].Read();
            while (reader.Next())
            {
                if (moved[reader.Record] >= 0) copy.ListOf(term).Add(moved[reader.Record], reader.Title, reader.Keywords, reader.Text);
            }
        }

        return copy;
    }

    ulong ModeBit(string mode)
    {
        var at = Modes.IndexOf(mode);
        if (at < 0 && Modes.Count < ModesMax)
        {
            at = Modes.Count;
            Modes.Add(mode);
        }

        return at < 0 ? 0 : 1UL << at;
    }

    void AddLengths(in RecordColumns record) =>
        Lengths = (Lengths.Text + record.TextLength, Lengths.Title + record.TitleLength, Lengths.Keywords + record.KeywordsLength);

    ref PostingList ListOf(ulong term)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(terms, term, out var known);
        if (!known)
        {
            number = terms.Count - 1;
            if (number == postings.Length) Array.Resize(ref postings, number * 2);
        }

        return ref postings[number];
    }

    ushort Number(string? text)
    {
        if (string.IsNullOrEmpty(text)) return 0;
        if (Numbers.TryGetValue(text, out var number)) return number;
        if (Texts.Count > ushort.MaxValue) return 0;
        number = (ushort)Texts.Count;
        Numbers.Add(text, number);
        Texts.Add(text);
        return number;
    }
}

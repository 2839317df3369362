using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using TechMarket.Events;

namespace TechMarket.Search;

/// <summary>Makes of a published record what the index holds: its terms with their counts, and the record itself, packed.</summary>
static class RecordAnalysis
{
    const int Quality = 3;
    const int Window = 18;

    /// <summary>Analyses a record.</summary>
    public static AnalysedRecord Of(TextAnalyser analyser, AchievementPublished achievement)
    {
        var tokens = new List<Token>();
        var counts = new Dictionary<ulong, TermCount>();
        var order = new List<ulong>();
        var title = Count(achievement.Title, (in TermCount c) => c with { Title = c.Title + 1, Text = c.Text + 1 });
        var keywords = achievement.Keywords.Sum(keyword =>
            Count(keyword, (in TermCount c) => c with { Keywords = c.Keywords + 1, Text = c.Text + 1 }));
        var text = title + keywords + OtherTexts(achievement).Sum(other => Count(other, (in TermCount c) => c with { Text = c.Text + 1 }));
        return new AnalysedRecord(achievement, Pack(achievement), [.. order.Select(term => counts[term])], text, title, keywords);

        int Count(string? part, Increment increment)
        {
            if (string.IsNullOrEmpty(part)) return 0;
            analyser.Analyse(part, tokens);
            foreach (var token in tokens)
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, token.Term, out var known);
                if (!known)
                {
                    count = new TermCount(token.Term, 0, 0, 0);
                    order.Add(token.Term);
                }

                count = increment(count);
            }

            return tokens.Count;
        }
    }

    /// <summary>The record as it was put in.</summary>
    public static AchievementPublished Unpack(byte[] packed)
    {
        var length = BitConverter.ToInt32(packed);
        var json = new byte[length];
        if (!BrotliDecoder.TryDecompress(packed.AsSpan(sizeof(int)), json, out _))
            throw new InvalidDataException("A record of the index is damaged.");
        return JsonSerializer.Deserialize<AchievementPublished>(json, EventCatalogue.Json)!;
    }

    static byte[] Pack(AchievementPublished achievement)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(achievement, EventCatalogue.Json);
        var buffer = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(json.Length)];
        BitConverter.TryWriteBytes(buffer, json.Length);
        BrotliEncoder.TryCompress(json, buffer.AsSpan(sizeof(int)), out var written, Quality, Window);
        return buffer[..(sizeof(int) + written)];
    }

    /// <summary>What a record is also found by: its texts, who holds it, and the numbers that name it.</summary>
    static IEnumerable<string?> OtherTexts(AchievementPublished achievement)
    {
        yield return achievement.Summary;
        if (achievement.Description != achievement.Summary) yield return achievement.Description;
        yield return achievement.Origin?.HolderName ?? achievement.OrganisationName;
        yield return achievement.RegistrationNo;
        foreach (var right in achievement.IntellectualProperty) yield return right.Number;
    }

    delegate TermCount Increment(in TermCount count);
}

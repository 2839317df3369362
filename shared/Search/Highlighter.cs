using System.Text;
using TechMarket.Events;

namespace TechMarket.Search;

/// <summary>Marks what was found: passages of the record with the words of the query in <c>&lt;em&gt;</c>, everything else HTML-escaped.</summary>
sealed class Highlighter(TextAnalyser analyser, IEnumerable<QueryTerm> query)
{
    const int PassageCharacters = 160;
    const int LeadCharacters = 30;

    readonly HashSet<ulong> wanted = [.. query.Where(term => term.Finds).Select(term => term.Term)];
    readonly List<Token> tokens = [];

    /// <summary>The passages of title, summary and description that hold a word of the query.</summary>
    public IReadOnlyDictionary<string, string> Of(AchievementPublished achievement)
    {
        var highlights = new Dictionary<string, string>();
        Mark("title", achievement.Title, achievement.Title.Length);
        Mark("summary", achievement.Summary, PassageCharacters);
        if (achievement.Description != achievement.Summary) Mark("description", achievement.Description, PassageCharacters);
        return highlights;

        void Mark(string field, string text, int characters)
        {
            var spans = Spans(text);
            if (spans.Count > 0) highlights[field] = Passage(text, spans, characters);
        }
    }

    /// <summary>The places in a text where words of the query stand, neighbours joined.</summary>
    public List<(int Start, int End)> Spans(string text)
    {
        analyser.Analyse(text, tokens);
        var spans = new List<(int Start, int End)>();
        foreach (var token in tokens)
        {
            if (!wanted.Contains(token.Term)) continue;
            if (spans.Count > 0 && token.Start <= spans[^1].End) spans[^1] = (spans[^1].Start, Math.Max(spans[^1].End, token.End));
            else spans.Add((token.Start, token.End));
        }

        return spans;
    }

    static string Passage(string text, List<(int Start, int End)> spans, int characters)
    {
        var from = text.Length <= characters ? 0 : Begin(text, spans, characters);
        var to = Math.Min(text.Length, from + characters);
        if (to < text.Length && char.IsLowSurrogate(text[to])) to++;
        var passage = new StringBuilder();
        if (from > 0) passage.Append('…');
        var at = from;
        foreach (var (start, end) in spans.Where(span => span.Start >= from && span.End <= to))
        {
            Escape(passage, text.AsSpan(at, start - at));
            passage.Append("<em>");
            Escape(passage, text.AsSpan(start, end - start));
            passage.Append("</em>");
            at = end;
        }

        Escape(passage, text.AsSpan(at, to - at));
        if (to < text.Length) passage.Append('…');
        return passage.ToString();
    }

    /// <summary>Begins where the most marked characters fit, a little before the first of them.</summary>
    static int Begin(string text, List<(int Start, int End)> spans, int characters)
    {
        var (best, bestMarked) = (0, -1);
        var first = 0;
        var marked = 0;
        for (var last = 0; last < spans.Count; last++)
        {
            marked += spans[last].End - spans[last].Start;
            while (spans[last].End - spans[first].Start > characters - LeadCharacters && first < last)
            {
                marked -= spans[first].End - spans[first].Start;
                first++;
            }

            if (marked > bestMarked) (best, bestMarked) = (spans[first].Start, marked);
        }

        var from = Math.Max(0, best - LeadCharacters);
        if (from == 0) return 0;
        // Latin words are not cut in the middle.
        while (from < best && char.IsAsciiLetterOrDigit(text[from - 1]) && char.IsAsciiLetterOrDigit(text[from])) from++;
        return char.IsLowSurrogate(text[from]) ? from + 1 : from;
    }

    static void Escape(StringBuilder into, ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            switch (c)
            {
                case '&': into.Append("&amp;"); break;
                case '<': into.Append("&lt;"); break;
                case '>': into.Append("&gt;"); break;
                case '"': into.Append("&quot;"); break;
                case '\'': into.Append("&#39;"); break;
                default: into.Append(c); break;
            }
        }
    }
}

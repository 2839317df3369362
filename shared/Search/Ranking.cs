namespace TechMarket.Search;

/// <summary>The one ranking formula, which every adapter computes: BM25 over three fields, added up. <c>text</c> holds all public text of a
/// record; what also stands in the title or among the keywords counts again there. A term's part of the score is
/// <c>weight · Σ fieldWeight · idf · tf·(k1+1) / (tf + k1·(1−b+b·length/averageLength))</c>, with
/// <c>idf = ln(1 + (N−n+½)/(n+½))</c> of the field. A term of the query weighs <c>1 + ln(times it is in the query)</c>, by its kind.</summary>
public static class Ranking
{
    /// <summary>How soon repetition stops paying.</summary>
    public const float K1 = 1.2f;

    /// <summary>All public text of the record.</summary>
    public static readonly FieldRanking Text = new(1f, 0.85f);

    /// <summary>The title.</summary>
    public static readonly FieldRanking Title = new(0.35f, 0.6f);

    /// <summary>The keywords.</summary>
    public static readonly FieldRanking Keywords = new(0.3f, 0.2f);

    /// <summary>A single Chinese character in a longer run: it helps to order what was found, and finds nothing by itself.</summary>
    public const float SingleWeight = 0.3f;

    /// <summary>A term of a synonym.</summary>
    public const float SynonymWeight = 0.35f;

    /// <summary>The rarity of a term.</summary>
    /// <param name="records">How many records there are.</param>
    /// <param name="having">How many of them have the term.</param>
    public static float Idf(int records, int having) => MathF.Log(1 + ((records - having + 0.5f) / (having + 0.5f)));
}

/// <summary>How a field counts.</summary>
/// <param name="Weight">Of its BM25 score.</param>
/// <param name="B">How much a long field is held against a record, 0–1.</param>
public readonly record struct FieldRanking(float Weight, float B);

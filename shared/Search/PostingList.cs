namespace TechMarket.Search;

/// <summary>Where a term occurs: record after record, each as the distance from the one before and a byte of counts (title 0–3, keywords
/// 0–3, text 1–15; more counts as that many, for repetition has long stopped paying).</summary>
struct PostingList
{
    const int TitleMax = 3;
    const int KeywordsMax = 3;
    const int TextMax = 15;

    byte[] bytes;
    int length;
    int last;

    /// <summary>How many records have the term.</summary>
    public int InText { get; private set; }

    /// <summary>How many have it in the title.</summary>
    public int InTitle { get; private set; }

    /// <summary>How many have it among the keywords.</summary>
    public int InKeywords { get; private set; }

    /// <summary>Adds a record; records come in rising order.</summary>
    public void Add(int record, int title, int keywords, int text)
    {
        bytes ??= new byte[6];
        if (length + 6 > bytes.Length) Array.Resize(ref bytes, Math.Max(length + 6, bytes.Length + (bytes.Length / 2)));
        var distance = (uint)(record - last);
        for (; distance >= 0x80; distance >>= 7) bytes[length++] = (byte)(distance | 0x80);
        bytes[length++] = (byte)distance;
        bytes[length++] = (byte)((Math.Min(title, TitleMax) << 6) | (Math.Min(keywords, KeywordsMax) << 4) | Math.Min(text, TextMax));
        last = record;
        InText++;
        if (title > 0) InTitle++;
        if (keywords > 0) InKeywords++;
    }

    /// <summary>Reads the list from its beginning.</summary>
    public readonly Reader Read() => new(bytes.AsSpan(0, length));

    /// <summary>Walks through a list.</summary>
    public ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        readonly ReadOnlySpan<byte> bytes = bytes;
        int at;

        /// <summary>The record.</summary>
        public int Record { get; private set; }

        /// <summary>How often the title has the term.</summary>
        public int Title { get; private set; }

        /// <summary>How often the keywords have it.</summary>
        public int Keywords { get; private set; }

        /// <summary>How often the whole text has it.</summary>
        public int Text { get; private set; }

        /// <summary>Goes on to the next record; false at the end.</summary>
        public bool Next()
        {
            if (at >= bytes.Length) return false;
            int distance = bytes[at++];
            if (distance >= 0x80)
            {
                distance &= 0x7f;
                for (var shift = 7; ; shift += 7)
                {
                    int more = bytes[at++];
                    distance |= (more & 0x7f) << shift;
                    if (more < 0x80) break;
                }
            }

            Record += distance;
            var counts = bytes[at++];
            (Title, Keywords, Text) = (counts >> 6, (counts >> 4) & 3, counts & 15);
            return true;
        }
    }
}

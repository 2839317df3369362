using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TechMarket.Auctions.Bidding;

/// <summary>A record of an auction's log. Its hash covers all that it says and the hash before it, so that a later change anywhere shows;
/// <c>verify-log.py</c> beside this service checks a published log without any of our code.</summary>
/// <param name="Sequence">Its place, from 1.</param>
/// <param name="Kind">bid or close.</param>
/// <param name="BidderCode">Who, by code; for the close the winner's, empty when there is none.</param>
/// <param name="Amount">The bid, or the winning price; null when there is none.</param>
/// <param name="Accepted">The bid was valid; for the close: there is a winner.</param>
/// <param name="Reason">The problem type of a refusal; for the close awarded or no_bid; empty for an accepted bid.</param>
/// <param name="ReceivedAt">When the server received it, to the microsecond.</param>
/// <param name="PreviousHash">Of the record before; empty for the first.</param>
public sealed record LogRecord(
    long Sequence, string Kind, string BidderCode, decimal? Amount, bool Accepted, string Reason, DateTimeOffset ReceivedAt, string PreviousHash)
{
    /// <summary>SHA-256 over the fields, one a line, in lower-case hexadecimal.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        PreviousHash, Sequence.ToString(CultureInfo.InvariantCulture), Kind, BidderCode, AmountText ?? "", Accepted ? "true" : "false", Reason, TimeText))));

    /// <summary>The amount with two digits.</summary>
    public string? AmountText => Amount?.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>The time as it is hashed: UTC with six digits of a second.</summary>
    public string TimeText => ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>PostgreSQL keeps microseconds; what is hashed must be what is kept.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset time) => new(time.UtcTicks / 10 * 10, TimeSpan.Zero);
}

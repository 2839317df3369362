using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Bidding;

/// <summary>The rules of <c>multi_round</c> (R4.7): a free period, then timed cycles until one passes without a valid bid. Pure: the same bids
/// give the same end and the same winner on any machine.</summary>
public static class MultiRound
{
    /// <summary>409: bidding has not opened.</summary>
    public static readonly Refusal NotOpen = new("auction-not-open", "竞价尚未开始。", "Bidding has not opened yet.");

    /// <summary>409: bidding is over.</summary>
    public static readonly Refusal Over = new("auction-closed", "竞价已结束。", "Bidding is over.");

    /// <summary>409: below the start price, or not above the present highest bid.</summary>
    public static readonly Refusal BelowMinimum = new("bid-below-minimum", "报价低于当前可接受的最低价。", "The bid is below the lowest that is taken now.");

    /// <summary>409: the excess over the present highest bid is no multiple of the increment.</summary>
    public static readonly Refusal OffIncrement =
        new("bid-off-increment", "加价幅度须为加价阶梯的整数倍。", "The excess over the highest bid must be a whole multiple of the increment.");

    /// <summary>What is fixed before bidding opens.</summary>
    /// <param name="StartPrice">The lowest first bid, in yuan.</param>
    /// <param name="Increment">The step, in yuan.</param>
    /// <param name="OpensAt">The first moment.</param>
    /// <param name="FreePeriodEndsAt">From here on cycles run.</param>
    /// <param name="Cycle">The length of a cycle.</param>
    public sealed record Terms(decimal StartPrice, decimal Increment, DateTimeOffset OpensAt, DateTimeOffset FreePeriodEndsAt, TimeSpan Cycle);

    /// <summary>Where bidding stands.</summary>
    /// <param name="Highest">The highest valid bid; null before the first.</param>
    /// <param name="EndsAt">The first moment at which nothing is taken any more.</param>
    public sealed record State(decimal? Highest, DateTimeOffset EndsAt);

    /// <summary>Before the first bid: the end is that of the first cycle after the free period.</summary>
    public static State Beginning(Terms terms) => new(null, terms.FreePeriodEndsAt + terms.Cycle);

    /// <summary>The lowest bid that would be taken now.</summary>
    public static decimal Minimum(Terms terms, State state) => state.Highest is { } highest ? highest + terms.Increment : terms.StartPrice;

    /// <summary>Decides a bid. A valid one in the timed period starts a new cycle at the moment it was received; a refused one changes nothing.</summary>
    /// <param name="terms">What is fixed.</param>
    /// <param name="state">Where bidding stands.</param>
    /// <param name="amount">The bid, in yuan.</param>
    /// <param name="receivedAt">When the server received it.</param>
    public static (State State, Refusal? Refusal) Decide(Terms terms, State state, decimal amount, DateTimeOffset receivedAt)
    {
        if (receivedAt < terms.OpensAt) return (state, NotOpen);
        if (receivedAt >= state.EndsAt) return (state, Over);
        if (amount < Minimum(terms, state) && !(state.Highest is { } below && amount > below)) return (state, BelowMinimum);
        if (state.Highest is { } highest && (amount - highest) % terms.Increment != 0) return (state, OffIncrement);
        var endsAt = receivedAt < terms.FreePeriodEndsAt ? state.EndsAt : receivedAt + terms.Cycle;
        return (new State(amount, endsAt), null);
    }
}

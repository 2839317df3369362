using TechMarket.Auctions.Bidding;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Auctions.Tests;

/// <summary>The worked example of R4.7, and what must hold for every history of bids.</summary>
public sealed class MultiRoundTests
{
    static readonly DateTimeOffset Opens = new(2026, 4, 1, 14, 0, 0, TimeSpan.FromHours(8));
    static readonly MultiRound.Terms Terms = new(1_000_000m, 10_000m, Opens, Opens.AddHours(2), TimeSpan.FromSeconds(300));

    [Fact]
    public void Bids_are_taken_by_start_price_and_increment()
    {
        var state = MultiRound.Beginning(Terms);
        state = Accepted(state, 1_000_000m, Opens.AddMinutes(1));
        Refused(state, 1_005_000m, Opens.AddMinutes(2), MultiRound.OffIncrement.Type);
        Refused(state, 1_000_000m, Opens.AddMinutes(3), MultiRound.BelowMinimum.Type);
        state = Accepted(state, 1_030_000m, Opens.AddMinutes(4));
        Refused(state, 1_020_000m, Opens.AddMinutes(5), MultiRound.BelowMinimum.Type);
        Assert.Equal(1_040_000m, MultiRound.Minimum(Terms, state));
    }

    [Theory]
    [InlineData(999_999.99)]
    [InlineData(0.01)]
    public void The_first_bid_reaches_the_start_price(double amount) =>
        Refused(MultiRound.Beginning(Terms), (decimal)amount, Opens, MultiRound.BelowMinimum.Type);

    [Fact]
    public void The_first_bid_may_lie_anywhere_above_the_start_price() => Accepted(MultiRound.Beginning(Terms), 1_234_567.89m, Opens);

    [Fact]
    public void A_bid_in_the_timed_period_starts_a_new_cycle_where_it_was_received()
    {
        var state = Accepted(MultiRound.Beginning(Terms), 1_000_000m, Opens);
        Assert.Equal(Opens.AddHours(2).AddMinutes(5), state.EndsAt);
        var received = Opens.AddHours(2).AddSeconds(190);
        state = Accepted(state, 1_010_000m, received);
        Assert.Equal(received.AddSeconds(300), state.EndsAt);
        Accepted(state, 1_020_000m, state.EndsAt.AddTicks(-1));
        Refused(state, 1_020_000m, state.EndsAt, MultiRound.Over.Type);
    }

    [Fact]
    public void Nothing_is_taken_before_the_opening() => Refused(MultiRound.Beginning(Terms), 1_000_000m, Opens.AddTicks(-1), MultiRound.NotOpen.Type);

    [Fact]
    public void Without_any_bid_it_ends_with_the_first_cycle()
    {
        Assert.Equal(Opens.AddHours(2).AddSeconds(300), MultiRound.Beginning(Terms).EndsAt);
        Accepted(MultiRound.Beginning(Terms), 1_000_000m, Opens.AddHours(2).AddSeconds(299));
        Refused(MultiRound.Beginning(Terms), 1_000_000m, Opens.AddHours(2).AddSeconds(300), MultiRound.Over.Type);
    }

    [Fact]
    public void Whatever_is_bid_prices_rise_by_whole_steps_and_the_end_never_comes_nearer() => Randomly.Run(300, random =>
    {
        var state = MultiRound.Beginning(Terms);
        var now = Opens.AddMinutes(-1);
        decimal? first = null;
        for (var i = 0; i < 200; i++)
        {
            now += TimeSpan.FromSeconds(random.Next(0, 90));
            var amount = (state.Highest ?? 1_000_000m) + (random.Next(-3, 5) * 5_000m);
            var (after, refusal) = MultiRound.Decide(Terms, state, amount, now);
            if (refusal is not null) Assert.Equal(state, after);
            else
            {
                Assert.True(now >= Opens && now < state.EndsAt);
                Assert.Equal(amount, after.Highest);
                Assert.True(amount > (state.Highest ?? 0m) && amount >= Terms.StartPrice);
                first ??= amount;
                Assert.Equal(0m, (amount - first.Value) % Terms.Increment);
                Assert.True(after.EndsAt >= state.EndsAt);
            }

            state = after;
        }
    });

    static MultiRound.State Accepted(MultiRound.State state, decimal amount, DateTimeOffset at)
    {
        var (after, refusal) = MultiRound.Decide(Terms, state, amount, at);
        Assert.Null(refusal);
        Assert.Equal(amount, after.Highest);
        return after;
    }

    static void Refused(MultiRound.State state, decimal amount, DateTimeOffset at, string type)
    {
        var (after, refusal) = MultiRound.Decide(Terms, state, amount, at);
        Assert.Equal(type, refusal?.Type);
        Assert.Equal(state, after);
    }
}

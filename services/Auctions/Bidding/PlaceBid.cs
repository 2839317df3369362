using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Bidding;

/// <summary>A qualified bidder bids. Accepted and refused bids are logged alike; the answer comes after the commit.</summary>
public static class PlaceBid
{
    /// <summary>403: not registered, or the deposit has not arrived.</summary>
    public static readonly Refusal NotQualified = new("bidder-not-qualified", "贵单位尚未取得竞买资格。", "Your organisation is not a qualified bidder of this auction.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/auctions/{id:guid}/bids", HandleAsync).ForRoles(Roles.Seeker).Produces<BidAnswer>(201).ProducesProblem(400)
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429).WithSummary("Bid");

    static async Task<IResult> HandleAsync(
        Guid id, BidRequest request, Caller caller, HttpContext context, BidDesk desk, TimeProvider clock)
    {
        var receivedAt = LogRecord.Microseconds(clock.GetUtcNow());
        var shape = new Shape();
        var amount = shape.Cny("amount", request.Amount);
        if (shape.Problem is { } problem) return problem;
        if (!desk.MayBid(caller.OrganisationId))
            return new Answer(429, Problem.Of(429, Refusals.TooManyRequests)) { RetryAfterSeconds = 1 };
        // Waited for even when the caller has gone: the decision needs the request until it is committed.
        return await desk.PlaceAsync(new PendingBid(id, caller.OrganisationId, amount, receivedAt, context));
    }
}

/// <summary>A bid.</summary>
/// <param name="Amount">In yuan: money, or a bare decimal string.</param>
public sealed record BidRequest(Money? Amount);

/// <summary>An accepted bid.</summary>
/// <param name="Sequence">Its place in the log.</param>
/// <param name="Amount">The bid.</param>
/// <param name="ReceivedAt">When the server received it.</param>
/// <param name="Hash">The hash of its record in the log.</param>
/// <param name="Leading">It is the highest now.</param>
/// <param name="EndsAt">When the auction ends if no valid bid comes before.</param>
public sealed record BidAnswer(long Sequence, Money Amount, DateTimeOffset ReceivedAt, string Hash, bool Leading, DateTimeOffset EndsAt);

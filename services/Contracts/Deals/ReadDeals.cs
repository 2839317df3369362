using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Deals;

/// <summary>The deals of the caller's organisation: seller, buyer and broker alone see them; operators see all.</summary>
public static class ReadDeals
{
    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/deals", ListAsync).ForSignedIn().Produces<Page<DealAnswer>>().ProducesProblem(400).WithSummary("List one's deals");
        routes.MapGet("/api/deals/{id:guid}", GetAsync).ForSignedIn().Produces<DealAnswer>().ProducesProblem(404).WithSummary("Read a deal");
    }

    const string Visible = "(@all or seller_id = @OrganisationId or buyer_id = @OrganisationId or broker_id = @OrganisationId)";

    static async Task<IResult> ListAsync(Guid? auctionId, string? cursor, int? limit, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var from = Cursor.Read(shape, cursor);
        var size = Cursor.Limit(shape, limit);
        if (shape.Problem is { } problem) return problem;
        var rows = await database.QueryAsync<string>($"""
            select agreed::text from deal
            where {Visible} and (@auctionId::uuid is null or auction_id = @auctionId) and (@at::timestamptz is null or (agreed_at, id) < (@at, @id))
            order by agreed_at desc, id desc limit @more
            """,
            new { all = caller.Is(Roles.Operator), caller.OrganisationId, auctionId, at = from?.At, id = from?.Id, more = size + 1 }, ct);
        return Answer.Ok(Page<DealAnswer>.Of([.. rows.Select(Read)], size, deal => new Cursor(deal.AgreedAt, deal.Id).ToString()));
    }

    static async Task<IResult> GetAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var agreed = await database.SingleOrDefaultAsync<string>(
            $"select agreed::text from deal where id = @id and {Visible}", new { id, all = caller.Is(Roles.Operator), caller.OrganisationId }, ct);
        return agreed is null ? Answer.NotFound : Answer.Ok(Read(agreed));
    }

    static DealAnswer Read(string agreed)
    {
        var deal = (DealAgreed)EventCatalogue.Read(nameof(DealAgreed), agreed)!;
        return new DealAnswer(
            deal.DealId, deal.AuctionId, deal.NeedId, deal.AchievementId, deal.AchievementTitle, deal.Seller, deal.Buyer, deal.Broker, deal.TransferMode,
            Money.Cny(deal.PriceCny), deal.Origin, deal.AgreedAt);
    }
}

/// <summary>A deal.</summary>
/// <param name="Id">Its id.</param>
/// <param name="AuctionId">The auction it came from, if any.</param>
/// <param name="NeedId">The need it meets, if known.</param>
/// <param name="AchievementId">What is transferred.</param>
/// <param name="AchievementTitle">Its title.</param>
/// <param name="Seller">The seller's side.</param>
/// <param name="Buyer">The buyer's side.</param>
/// <param name="Broker">The broker, if any.</param>
/// <param name="TransferMode">What the buyer gets.</param>
/// <param name="Price">The agreed price.</param>
/// <param name="Origin">auction, negotiation, licence_offer or introduction.</param>
/// <param name="AgreedAt">When.</param>
public sealed record DealAnswer(
    Guid Id, Guid? AuctionId, Guid? NeedId, Guid AchievementId, string AchievementTitle, PartyFact Seller, PartyFact Buyer, PartyFact? Broker,
    string TransferMode, Money Price, string Origin, DateTimeOffset AgreedAt);

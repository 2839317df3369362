using TechMarket.Contracts.Registration;
using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Deals;

/// <summary>Two sides agreed: the deal is kept, and a contract is drafted from it so that nothing is typed twice.</summary>
public static class OnDealAgreed
{
    /// <summary>Applies the event; a deal that is known stays as it is.</summary>
    public static async Task ApplyAsync(DealAgreed e, Transaction transaction, IServiceProvider services, CancellationToken ct)
    {
        var isNew = await transaction.ExecuteAsync("""
            insert into deal (id, auction_id, seller_id, buyer_id, broker_id, price, agreed, agreed_at)
            values (@DealId, @AuctionId, @seller, @buyer, @broker, @PriceCny, @agreed::jsonb, @AgreedAt)
            on conflict on constraint deal_is_unique do nothing
            """,
            new
            {
                e.DealId,
                e.AuctionId,
                seller = e.Seller.OrganisationId,
                buyer = e.Buyer.OrganisationId,
                broker = e.Broker?.OrganisationId,
                e.PriceCny,
                agreed = EventCatalogue.Write(e),
                e.AgreedAt,
            }, ct);
        if (isNew == 0) return;
        await transaction.ExecuteAsync("""
            insert into contract (id, version, deal_id, status, kind, title, value, technical_amount, seller_id, seller_region_code, buyer_id,
                buyer_region_code, created_at)
            values (@id, 1, @DealId, 'draft', @kind, @AchievementTitle, @PriceCny, @PriceCny, @seller, @sellerRegion, @buyer, @buyerRegion, @Now)
            """,
            new
            {
                id = Guid.CreateVersion7(transaction.Now),
                e.DealId,
                kind = ContractRules.KindOf(e.TransferMode),
                e.AchievementTitle,
                e.PriceCny,
                seller = e.Seller.OrganisationId,
                sellerRegion = e.Seller.RegionCode,
                buyer = e.Buyer.OrganisationId,
                buyerRegion = e.Buyer.RegionCode,
                transaction.Now,
            }, ct);
    }
}

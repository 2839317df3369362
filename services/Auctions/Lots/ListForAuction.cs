using System.Collections.Frozen;
using System.Text.Json;
using Npgsql;
using TechMarket.Auctions.Bidding;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Lots;

/// <summary>The holder of a registered, published achievement puts it up for auction, after the notice that the law asks for (R4.1, R4.5).</summary>
public static class ListForAuction
{
    const int CycleSecondsMax = 86_400;
    static readonly TimeSpan PastTolerance = TimeSpan.FromMinutes(1);
    static readonly FrozenSet<string> Formats = new[] { "multi_round" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>403: the achievement is another's.</summary>
    public static readonly Refusal NotYours = new("achievement-not-yours", "该成果不属于贵单位。", "The achievement is not your organisation's.");

    /// <summary>409: imported or not registered; it must be completed and registered first.</summary>
    public static readonly Refusal NotRegistered =
        new("achievement-not-registered", "该成果尚未登记，不能挂牌竞价。", "The achievement is not registered; complete and register it first.");

    /// <summary>409: its ownership is disputed (G8).</summary>
    public static readonly Refusal Disputed = new("achievement-disputed", "成果权属存在争议，不能挂牌竞价。", "Its ownership is disputed.");

    /// <summary>409: the notice would be shorter than the law asks.</summary>
    public static readonly Refusal NoticeTooShort = new("notice-too-short", "公告期不足，竞价开始时间过早。", "The notice would be too short: bidding opens too early.");

    /// <summary>409: another open way to an exclusive transfer is there.</summary>
    public static readonly Refusal AlreadyOffered =
        new("achievement-already-offered", "该成果已有正在进行的独占性转让或许可。", "The achievement is offered for an exclusive transfer already.");

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/auctions", HandleAsync).ForRoles(Roles.Provider).Produces<AuctionAnswer>(201).ProducesProblem(400).ProducesProblem(403)
            .ProducesProblem(409).WithSummary("Put an achievement up for auction");

    static async Task<IResult> HandleAsync(
        AuctionRequest request, Caller caller, Database database, Parameters parameters, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var shape = new Shape();
        var achievementId = shape.Value("achievementId", request.AchievementId);
        var format = shape.OneOf("format", request.Format, Formats);
        var mode = shape.OneOf("transferMode", request.TransferMode, Codes.TransferModes);
        var terms = new MultiRound.Terms(
            shape.Cny("startPrice", request.StartPrice), shape.Cny("increment", request.Increment), shape.Value("opensAt", request.OpensAt),
            shape.Value("freePeriodEndsAt", request.FreePeriodEndsAt),
            TimeSpan.FromSeconds(shape.Range("cycleSeconds", request.CycleSeconds, 1, CycleSecondsMax)));
        var deposit = shape.Cny("deposit", request.Deposit, 0);
        if (request.OpensAt is not null)
            shape.Require(terms.OpensAt >= now - PastTolerance, "opensAt", "不得早于当前时间。", "Must not lie in the past.");
        if (request.FreePeriodEndsAt is not null)
            shape.Require(terms.FreePeriodEndsAt >= terms.OpensAt, "freePeriodEndsAt", "不得早于竞价开始时间。", "Must not lie before the opening.");
        if (shape.Problem is { } problem) return problem;

        var known = await NotYetKnown.WaitAsync(clock, () => database.SingleOrDefaultAsync<string>(
            "select published::text from known_achievement where achievement_id = @achievementId and published is not null", new { achievementId }, ct), ct);
        if (known is null) return NotYetKnown.Answer;
        var achievement = (AchievementPublished)EventCatalogue.Read(nameof(AchievementPublished), known)!;
        if (achievement.OrganisationId != caller.OrganisationId) return Answer.Forbidden(NotYours);
        if (achievement.RegistrationNo is null) return Answer.Refused(NotRegistered);
        if (achievement.Rights.Disputed) return Answer.Refused(Disputed);
        if (await EarliestOpeningAsync(parameters, now, terms.StartPrice, ct) is { } earliest && terms.OpensAt < earliest)
            return Answer.Refused(NoticeTooShort, new { earliest });
        return await StoreAsync(achievement, known, format, mode, terms, deposit, caller, database, ct);
    }

    /// <summary>The first moment after both notices: that of the auction law in days, and that of the listing in working days. Null when the
    /// parameters say that there are none.</summary>
    static async Task<DateTimeOffset?> EarliestOpeningAsync(Parameters parameters, DateTimeOffset now, decimal startPrice, CancellationToken ct)
    {
        var today = ShanghaiTime.DateOf(now);
        var days = await parameters.IntegerAsync("auction.noticeDays", today, ct);
        var workingDays = await parameters.IntegerAsync("listing.noticeWd", today, ct, startPrice);
        var countsFirst = await parameters.FlagAsync("listing.countPublicationDay", today, ct);
        DateTimeOffset[] ends =
        [
            .. days > 0 ? [ShanghaiTime.EndOf(today.AddDays(days))] : Array.Empty<DateTimeOffset>(),
            .. workingDays > 0 ? [ShanghaiTime.EndOf(WorkingDays.AfterWorkingDays(today, workingDays, countsFirst).LastDay)] : Array.Empty<DateTimeOffset>(),
        ];
        return ends.Length == 0 ? null : ends.Max();
    }

    static async Task<IResult> StoreAsync(
        AchievementPublished achievement, string achievementJson, string format, string mode, MultiRound.Terms terms, decimal deposit, Caller caller,
        Database database, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        var auction = new Auction
        {
            Id = Guid.CreateVersion7(transaction.Now),
            AchievementId = achievement.AchievementId,
            AchievementJson = achievementJson,
            SellerId = caller.OrganisationId,
            SellerJson = JsonSerializer.Serialize(Party(caller), Json.Options),
            Title = achievement.Title,
            Format = format,
            TransferMode = mode,
            StartPrice = terms.StartPrice,
            Increment = terms.Increment,
            Deposit = deposit,
            OpensAt = terms.OpensAt,
            FreePeriodEndsAt = terms.FreePeriodEndsAt,
            CycleSeconds = (int)terms.Cycle.TotalSeconds,
            EndsAt = MultiRound.Beginning(terms).EndsAt,
            Status = "listed",
            CreatedAt = transaction.Now,
        };
        try
        {
            await transaction.ExecuteAsync("""
                insert into auction (id, achievement_id, achievement, seller_id, seller, title, format, transfer_mode, start_price, increment, deposit,
                    opens_at, free_period_ends_at, cycle_seconds, ends_at, status, created_at)
                values (@Id, @AchievementId, @AchievementJson::jsonb, @SellerId, @SellerJson::jsonb, @Title, @Format, @TransferMode, @StartPrice,
                    @Increment, @Deposit, @OpensAt, @FreePeriodEndsAt, @CycleSeconds, @EndsAt, @Status, @CreatedAt)
                """, auction, ct);
        }
        catch (PostgresException e) when (e.ConstraintName == "auction_one_exclusive_way")
        {
            return Answer.Refused(AlreadyOffered);
        }

        transaction.Publish(auction.Id, new AuctionListed(
            auction.Id, auction.AchievementId, auction.SellerId, auction.Title, achievement.RegionCode, format, mode, auction.StartPrice, auction.OpensAt,
            transaction.Now));
        return await transaction.CommitAsync(Answer.Created($"/api/auctions/{auction.Id}", auction.At(transaction.Now, null)), ct);
    }

    /// <summary>The caller's organisation as a side of a deal.</summary>
    internal static PartyFact Party(Caller caller)
    {
        var organisation = caller.Organisation!;
        return new PartyFact(caller.OrganisationId, organisation.Name, organisation.Kind, organisation.Uscc, organisation.RegionCode);
    }
}

/// <summary>Puts an achievement up for auction.</summary>
/// <param name="AchievementId">Registered and published.</param>
/// <param name="Format">multi_round.</param>
/// <param name="TransferMode">What the winner gets.</param>
/// <param name="StartPrice">The lowest first bid.</param>
/// <param name="Increment">The step.</param>
/// <param name="Deposit">May be nothing.</param>
/// <param name="OpensAt">When bidding opens.</param>
/// <param name="FreePeriodEndsAt">When the timed cycles begin; no minimum.</param>
/// <param name="CycleSeconds">1–86,400.</param>
public sealed record AuctionRequest(
    Guid? AchievementId, string? Format, string? TransferMode, Money? StartPrice, Money? Increment, Money? Deposit, DateTimeOffset? OpensAt,
    DateTimeOffset? FreePeriodEndsAt, int? CycleSeconds);

using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using TechMarket.Auctions.Lots;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Auctions.Deposits;

/// <summary>An enterprise registers to bid and gets the code it is known by until the end (R4.8); an operator confirms its deposit.</summary>
public static class RegisterBidder
{
    const string CodeLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const int CodeLength = 6;

    /// <summary>403: nobody bids on his own lot (AUC art. 30).</summary>
    public static readonly Refusal OwnLot = new("own-lot", "不能竞买本单位的标的。", "An organisation cannot bid on its own lot.");

    /// <summary>409: registered already.</summary>
    public static readonly Refusal AlreadyRegistered = new("bidder-already-registered", "贵单位已报名。", "Your organisation has registered already.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/auctions/{id:guid}/bidder-registrations", RegisterAsync).ForRoles(Roles.Seeker).Produces<BidderRegistrationAnswer>(201)
            .ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).WithSummary("Register to bid");
        routes.MapPost("/api/auctions/{id:guid}/bidder-registrations/{registrationId:guid}/deposit", DepositAsync).ForRoles(Roles.Operator)
            .Produces<BidderRegistrationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).WithSummary("Confirm a received deposit");
        routes.MapGet("/api/auctions/{id:guid}/bidder-registrations", ListAsync).ForSignedIn().Produces<BidderRegistrationList>().ProducesProblem(404)
            .WithSummary("List one's own registration; operators see all");
    }

    static async Task<IResult> RegisterAsync(Guid id, EmptyRequest? request, Caller caller, Database database, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await Auction.LockAsync(transaction, id, ct) is not { } auction) return Answer.NotFound;
        if (auction.SellerId == caller.OrganisationId) return Answer.Forbidden(OwnLot);
        if (!auction.IsOpenEnded || transaction.Now >= auction.EndsAt) return Answer.Refused(Bidding.MultiRound.Over);
        var registration = new BidderRegistration
        {
            Id = Guid.CreateVersion7(transaction.Now),
            OrganisationId = caller.OrganisationId,
            BidderCode = RandomNumberGenerator.GetString(CodeLetters, CodeLength),
            Status = auction.Deposit > 0 ? "awaiting_deposit" : "qualified",
            RegisteredAt = transaction.Now,
        };
        try
        {
            await transaction.ExecuteAsync("""
                insert into bidder_registration (id, auction_id, organisation_id, party, bidder_code, status, registered_by, registered_at)
                values (@Id, @auction, @OrganisationId, @party::jsonb, @BidderCode, @Status, @person, @RegisteredAt)
                """,
                new
                {
                    registration.Id,
                    auction = id,
                    registration.OrganisationId,
                    party = JsonSerializer.Serialize(ListForAuction.Party(caller), Json.Options),
                    registration.BidderCode,
                    registration.Status,
                    person = caller.PersonId,
                    registration.RegisteredAt,
                }, ct);
        }
        catch (PostgresException e) when (e.ConstraintName == "bidder_registration_once_an_organisation")
        {
            return Answer.Refused(AlreadyRegistered);
        }

        return await transaction.CommitAsync(
            Answer.Created($"/api/auctions/{id}/bidder-registrations/{registration.Id}", registration.Answer(auction.Deposit, 0)), ct);
    }

    static async Task<IResult> DepositAsync(
        Guid id, Guid registrationId, DepositRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var amount = shape.Cny("amount", request.Amount);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        if (await Auction.LockAsync(transaction, id, ct) is not { } auction) return Answer.NotFound;
        var registration = await transaction.SingleOrDefaultAsync<BidderRegistration>(
            $"select {BidderRegistration.Columns} from bidder_registration where id = @registrationId and auction_id = @id for update",
            new { registrationId, id }, ct);
        if (registration is null) return Answer.NotFound;
        if (!auction.IsOpenEnded) return Answer.Refused(Bidding.MultiRound.Over);
        await DepositLedger.ReceiveAsync(transaction, registrationId, amount, caller, ct);
        var received = await DepositLedger.ReceivedAsync(transaction, registrationId, ct);
        if (received >= auction.Deposit)
        {
            registration.Status = "qualified";
            await transaction.ExecuteAsync("update bidder_registration set status = 'qualified' where id = @registrationId", new { registrationId }, ct);
        }

        transaction.Audit(caller, "deposit.received", registrationId, new { auctionId = id, amount });
        return await transaction.CommitAsync(Answer.Ok(registration.Answer(auction.Deposit, received)), ct);
    }

    static async Task<IResult> ListAsync(Guid id, Caller caller, Database database, CancellationToken ct)
    {
        var deposit = await database.SingleOrDefaultAsync<decimal?>("select deposit from auction where id = @id", new { id }, ct);
        if (deposit is null) return Answer.NotFound;
        var rows = await database.QueryAsync<BidderRegistration>($"""
            select {BidderRegistration.Columns},
                (select coalesce(sum(amount), 0) from deposit_entry where registration_id = bidder_registration.id and kind = 'received') as received
            from bidder_registration where auction_id = @id and (@all or organisation_id = @OrganisationId) order by registered_at, id limit 100
            """, new { id, all = caller.Is(Roles.Operator), caller.OrganisationId }, ct);
        return Answer.Ok(new BidderRegistrationList([.. rows.Select(row => row.Answer(deposit.Value, row.Received))]));
    }
}

sealed class BidderRegistration
{
    public const string Columns = "id, organisation_id, bidder_code, status, registered_at";

    public Guid Id { get; init; }

    public Guid OrganisationId { get; init; }

    public string BidderCode { get; init; } = "";

    public string Status { get; set; } = "";

    public DateTimeOffset RegisteredAt { get; init; }

    public decimal Received { get; init; }

    public BidderRegistrationAnswer Answer(decimal deposit, decimal received) =>
        new(Id, Status, BidderCode, Money.Cny(deposit), Money.Cny(received), RegisteredAt);
}

/// <summary>A bidder's registration, as the bidder and operators see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Status">awaiting_deposit or qualified.</param>
/// <param name="BidderCode">What the bidder is called in public.</param>
/// <param name="Deposit">What has to be paid.</param>
/// <param name="Received">What was paid.</param>
/// <param name="RegisteredAt">When.</param>
public sealed record BidderRegistrationAnswer(Guid Id, string Status, string BidderCode, Money Deposit, Money Received, DateTimeOffset RegisteredAt);

/// <summary>Registrations.</summary>
/// <param name="Items">In the order they came.</param>
public sealed record BidderRegistrationList(IReadOnlyList<BidderRegistrationAnswer> Items);

/// <summary>A payment that has arrived.</summary>
/// <param name="Amount">In yuan.</param>
public sealed record DepositRequest(Money? Amount);

/// <summary>A step that needs no more to be said.</summary>
public sealed record EmptyRequest;

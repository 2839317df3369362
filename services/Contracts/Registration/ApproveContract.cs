using System.Globalization;
using TechMarket.Contracts.Certificates;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Registration;

/// <summary>Another registrar than the one who accepted and examined it approves a contract (R5.9): it gets its number and its certificate.</summary>
public static class ApproveContract
{
    const int SerialMax = 999_999;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/contracts/{id:guid}/approval", HandleAsync).ForRoles(Roles.Registrar).Produces<ContractAnswer>()
            .ProducesProblem(404).ProducesProblem(409).WithSummary("Approve and register a contract");

    static async Task<IResult> HandleAsync(Guid id, StepRequest? request, Caller caller, Database database, CancellationToken ct)
    {
        _ = request;
        await using var transaction = await database.BeginAsync(ct);
        if (await Contract.LockAsync(transaction, id, caller, ct) is not { } contract || !contract.IsBefore(caller)) return Answer.NotFound;
        if (caller.PersonId == contract.ExaminedBy || caller.PersonId == contract.AcceptedBy) return Answer.Refused(ContractRules.FourEyes);
        if (contract.RefuseUnless("registered") is { } refusal) return refusal;
        if (await NextNumberAsync(transaction, contract.SellerRegionCode, ct) is not { } number) return Answer.Refused(ContractRules.NumbersExhausted);
        contract.Status = "registered";
        contract.ApprovedBy = caller.PersonId;
        contract.RegisteredAt = transaction.Now;
        contract.RegistrationNumber = number;
        var certificate = Certificate.Of(contract, caller.Organisation!.Name);
        return await SaveAsync(transaction, contract, certificate, caller, ct);
    }

    static async Task<IResult> SaveAsync(Transaction transaction, Contract contract, Certificate certificate, Caller caller, CancellationToken ct)
    {
        var deal = contract.Deal;
        await transaction.ExecuteAsync("""
            insert into certificate (registration_number, contract_id, statement, hash, issued_at)
            values (@RegistrationNumber, @Id, @Statement, @Hash, @Now)
            """, new { contract.RegistrationNumber, contract.Id, certificate.Statement, certificate.Hash, transaction.Now }, ct);
        transaction.Publish(contract.Id, new ContractRegistered(
            contract.Id, contract.DealId, deal.AchievementId, contract.RegistrationNumber!, contract.Kind, deal.Seller, deal.Buyer, contract.Value,
            contract.TechnicalAmount, certificate.Hash, transaction.Now));
        transaction.Audit(caller, "contract.registered", contract.Id, new { contract.RegistrationNumber, certificate.Hash });
        return await contract.SaveAsync(transaction, ct);
    }

    /// <summary>Year, the seller's region, and a serial whose row the statement locks (R5.15); null when none is left.</summary>
    static async Task<string?> NextNumberAsync(Transaction transaction, string regionCode, CancellationToken ct)
    {
        var year = ShanghaiTime.DateOf(transaction.Now).Year;
        var serial = await transaction.SingleOrDefaultAsync<int?>("""
            insert into number_serial (year, region_code, last) values (@year, @regionCode, 1)
            on conflict on constraint number_serial_is_unique do update set last = number_serial.last + 1
            where number_serial.last < @SerialMax
            returning last
            """, new { year, regionCode, SerialMax }, ct);
        return serial is null ? null : string.Create(CultureInfo.InvariantCulture, $"{year}{regionCode}{serial:000000}");
    }
}

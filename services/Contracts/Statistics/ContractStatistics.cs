using TechMarket.Contracts.Registration;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Statistics;

/// <summary>Anyone reads how many contracts were registered in a period, what they were worth, and how much more or less that is than a year
/// before (R5.17–R5.19). Output counts the seller's region, absorbed the buyer's; a contract within a region is in both.</summary>
public static class ContractStatistics
{
    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/statistics/contracts", HandleAsync).ForAnyone().Produces<StatisticsAnswer>().ProducesProblem(400)
            .WithSummary("Read the figures of registered contracts");

    static async Task<IResult> HandleAsync(string? period, string? regionCode, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var days = ShanghaiTime.Period(period);
        shape.Require(days is not null, "period", "须形如 2026、2026-H1、2026-Q4 或 2026-11。", "Must look like 2026, 2026-H1, 2026-Q4 or 2026-11.");
        if (!string.IsNullOrEmpty(regionCode)) shape.Region("regionCode", regionCode);
        if (shape.Problem is { } problem) return problem;
        var (from, to) = days!.Value;
        var prefix = string.IsNullOrEmpty(regionCode) ? "" : Caller.RegionPrefix(regionCode);
        var now = await CountAsync(database, from, to, prefix, ct);
        var before = await CountAsync(database, from.AddYears(-1), to.AddYears(-1), prefix, ct);
        return Answer.Ok(new StatisticsAnswer(
            period!, string.IsNullOrEmpty(regionCode) ? null : regionCode, from, to.AddDays(-1), now.OutputCount, Money.Cny(now.OutputValue),
            Money.Cny(now.OutputTechnicalAmount),
            new FlowFigures(now.OutputCount, Money.Cny(now.OutputValue), Money.Cny(now.OutputTechnicalAmount)),
            new FlowFigures(now.AbsorbedCount, Money.Cny(now.AbsorbedValue), Money.Cny(now.AbsorbedTechnicalAmount)),
            new GrowthFigures(
                ContractRules.Growth(now.OutputCount, before.OutputCount), ContractRules.Growth(now.OutputValue, before.OutputValue),
                ContractRules.Growth(now.AbsorbedCount, before.AbsorbedCount), ContractRules.Growth(now.AbsorbedValue, before.AbsorbedValue))));
    }

    static async Task<Figures> CountAsync(Database database, DateOnly from, DateOnly to, string prefix, CancellationToken ct) =>
        (await database.SingleOrDefaultAsync<Figures>("""
            select count(1) filter (where seller_region_code like @region)::int as output_count,
                   coalesce(sum(value) filter (where seller_region_code like @region), 0) as output_value,
                   coalesce(sum(technical_amount) filter (where seller_region_code like @region), 0) as output_technical_amount,
                   count(1) filter (where buyer_region_code like @region)::int as absorbed_count,
                   coalesce(sum(value) filter (where buyer_region_code like @region), 0) as absorbed_value,
                   coalesce(sum(technical_amount) filter (where buyer_region_code like @region), 0) as absorbed_technical_amount
            from contract where status = 'registered' and registered_at >= @start and registered_at < @end
            """, new { region = prefix + "%", start = ShanghaiTime.StartOf(from), end = ShanghaiTime.StartOf(to) }, ct))!;

    sealed class Figures
    {
        public int OutputCount { get; init; }

        public decimal OutputValue { get; init; }

        public decimal OutputTechnicalAmount { get; init; }

        public int AbsorbedCount { get; init; }

        public decimal AbsorbedValue { get; init; }

        public decimal AbsorbedTechnicalAmount { get; init; }
    }
}

/// <summary>The figures of a period and a region.</summary>
/// <param name="Period">As it was asked.</param>
/// <param name="RegionCode">Its subtree is covered; null for everywhere.</param>
/// <param name="From">The first day, in Shanghai.</param>
/// <param name="To">The last day.</param>
/// <param name="Count">Contracts whose seller is in the region: each contract counts once.</param>
/// <param name="Value">合同成交额.</param>
/// <param name="TechnicalAmount">技术交易额.</param>
/// <param name="Output">输出技术: the seller is in the region.</param>
/// <param name="Absorbed">吸纳技术: the buyer is in the region.</param>
/// <param name="Growth">Against the same period a year before.</param>
public sealed record StatisticsAnswer(
    string Period, string? RegionCode, DateOnly From, DateOnly To, int Count, Money Value, Money TechnicalAmount, FlowFigures Output,
    FlowFigures Absorbed, GrowthFigures Growth);

/// <summary>Contracts in one direction.</summary>
/// <param name="Count">How many.</param>
/// <param name="Value">合同成交额.</param>
/// <param name="TechnicalAmount">技术交易额.</param>
public sealed record FlowFigures(int Count, Money Value, Money TechnicalAmount);

/// <summary>Growth as a fraction (0.25 is a quarter more); null when there was nothing a year before.</summary>
/// <param name="Count">Contracts, output.</param>
/// <param name="Value">合同成交额, output.</param>
/// <param name="AbsorbedCount">Contracts, absorbed.</param>
/// <param name="AbsorbedValue">合同成交额, absorbed.</param>
public sealed record GrowthFigures(decimal? Count, decimal? Value, decimal? AbsorbedCount, decimal? AbsorbedValue);

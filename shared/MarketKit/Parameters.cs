using System.Globalization;
using System.Reflection;
using System.Text.Json;
using TechMarket.ServiceKit;

namespace TechMarket.MarketKit;

/// <summary>A legal number as it is shipped: dated, with its source.</summary>
/// <param name="Id">As in the field's parameter list: <c>listing.noticeWd</c>.</param>
/// <param name="Value">A number, <c>true</c>/<c>false</c> or a text.</param>
/// <param name="ValidFrom">From this day on.</param>
/// <param name="Source">The rule it comes from, or «unsourced».</param>
/// <param name="FromAmountCny">For a value that depends on an amount: the lowest amount of the band it holds for, in yuan.</param>
public sealed record ShippedParameter(string Id, string Value, DateOnly ValidFrom, string Source, decimal? FromAmountCny = null);

/// <summary>The dated legal parameters of one service: shipped with the program, overridden by an operator.</summary>
/// <param name="service">The service's name.</param>
/// <param name="shipped">What it ships.</param>
/// <param name="database">Where the operator's values are kept.</param>
public sealed class Parameters(string service, IReadOnlyList<ShippedParameter> shipped, Database database)
{
    /// <summary>The service these belong to.</summary>
    public string Service => service;

    /// <summary>What the program ships.</summary>
    public IReadOnlyList<ShippedParameter> Shipped => shipped;

    /// <summary>Reads the embedded <c>Data/parameters.json</c> of a service.</summary>
    public static Parameters Read(string service, Assembly assembly, Database database)
    {
        var name = assembly.GetManifestResourceNames().Single(resource => resource.EndsWith(".Data.parameters.json", StringComparison.Ordinal));
        using var stream = assembly.GetManifestResourceStream(name)!;
        return new Parameters(service, JsonSerializer.Deserialize<List<ShippedParameter>>(stream, Json.Options)!, database);
    }

    /// <summary>A value that holds on a day; null when none does. An operator's value beats every shipped one from its own first day on,
    /// and a single one replaces a whole band.</summary>
    /// <param name="id">The parameter.</param>
    /// <param name="on">The day in question, in Shanghai.</param>
    /// <param name="amountCny">For banded values: the amount in question, in yuan.</param>
    public async Task<string?> FindAsync(string id, DateOnly on, CancellationToken ct, decimal amountCny = 0)
    {
        var set = await database.SingleOrDefaultAsync<string>("""
            select value from parameter where id = @id and valid_from <= @on order by valid_from desc, set_at desc limit 1
            """, new { id, on }, ct);
        return set ?? Pick(shipped, id, on, amountCny);
    }

    /// <summary>A parameter that is a whole number and always has a value: days, seconds, months.</summary>
    public async Task<int> IntegerAsync(string id, DateOnly on, CancellationToken ct, decimal amountCny = 0) =>
        int.Parse(await RequireAsync(id, on, amountCny, ct), CultureInfo.InvariantCulture);

    /// <summary>A parameter that is a decimal number and always has a value: shares, amounts.</summary>
    public async Task<decimal> DecimalAsync(string id, DateOnly on, CancellationToken ct, decimal amountCny = 0) =>
        decimal.Parse(await RequireAsync(id, on, amountCny, ct), CultureInfo.InvariantCulture);

    /// <summary>A parameter that is true or false and always has a value.</summary>
    public async Task<bool> FlagAsync(string id, DateOnly on, CancellationToken ct) => await RequireAsync(id, on, 0, ct) == "true";

    /// <summary>The shipped value for a day and an amount: the newest that is valid, of the highest band that is reached.</summary>
    public static string? Pick(IEnumerable<ShippedParameter> shipped, string id, DateOnly on, decimal amountCny) => shipped
        .Where(parameter => parameter.Id == id && parameter.ValidFrom <= on && (parameter.FromAmountCny ?? 0) <= amountCny)
        .OrderByDescending(parameter => parameter.ValidFrom).ThenByDescending(parameter => parameter.FromAmountCny ?? 0)
        .FirstOrDefault()?.Value;

    async Task<string> RequireAsync(string id, DateOnly on, decimal amountCny, CancellationToken ct) =>
        await FindAsync(id, on, ct, amountCny) ?? throw new InvalidOperationException($"The parameter {id} has no value on {on:yyyy-MM-dd}.");
}

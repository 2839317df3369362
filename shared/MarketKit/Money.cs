using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using TechMarket.ServiceKit;

namespace TechMarket.MarketKit;

/// <summary>An amount of money with two digits. On the wire <c>{"amount":"2380000.00","currency":"CNY"}</c>; a bare decimal string is read as
/// yuan. Never a floating-point number.</summary>
/// <param name="Amount">At most two digits after the point; below a million million.</param>
/// <param name="Currency">CNY.</param>
[JsonConverter(typeof(MoneyJson))]
public sealed record Money(decimal Amount, string Currency)
{
    /// <summary>The largest amount that is accepted anywhere.</summary>
    public const decimal AmountMax = 999_999_999_999.99m;

    /// <summary>So many yuan.</summary>
    public static Money Cny(decimal amount) => new(amount, "CNY");

    /// <summary>So many yuan, or nothing.</summary>
    public static Money? Cny(decimal? amount) => amount is { } value ? Cny(value) : null;

    /// <summary>The amount as it is written: two digits, no separators.</summary>
    public string AmountText => Amount.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>Reads and writes <see cref="Money"/>.</summary>
public sealed partial class MoneyJson : JsonConverter<Money>
{
    /// <inheritdoc/>
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return Money.Cny(Parse(reader.GetString()));
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("money is an object with amount and currency");
        string? amount = null;
        string? currency = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw new JsonException("amount and currency are strings");
            if (name == "amount" && amount is null) amount = reader.GetString();
            else if (name == "currency" && currency is null) currency = reader.GetString();
            else if (name is "amount" or "currency") throw new JsonException("amount and currency are named once");
            else throw new JsonException("could not be mapped: money has amount and currency");
        }

        return currency is null or "CNY" ? Money.Cny(Parse(amount)) : throw new JsonException("the currency is CNY");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("amount", value.AmountText);
        writer.WriteString("currency", value.Currency);
        writer.WriteEndObject();
    }

    /// <summary>The digits are counted before a decimal is made of them, for it would round away those that it cannot hold.</summary>
    static decimal Parse(string? text) =>
        text is not null && AmountPattern().IsMatch(text)
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount)
        && Math.Abs(amount) <= Money.AmountMax
            ? amount
            : throw new JsonException("an amount is a decimal string of at most two digits after the point");

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]{1,2})?\z")]
    private static partial Regex AmountPattern();
}

/// <summary>Checks money in requests.</summary>
public static class MoneyShape
{
    /// <summary>An amount in yuan that must be there.</summary>
    public static decimal Cny(this Shape shape, string field, Money? value, decimal min = 0.01m)
    {
        if (value is null) shape.Wrong(field, "此项必填。", "This field is required.");
        else if (value.Amount < min) shape.Wrong(field, $"金额不得低于 {min}。", $"Must be at least {min}.");
        return value?.Amount ?? 0;
    }

    /// <summary>An amount in yuan that may be missing.</summary>
    public static decimal? OptionalCny(this Shape shape, string field, Money? value, decimal min = 0.01m) =>
        value is null ? null : shape.Cny(field, value, min);
}

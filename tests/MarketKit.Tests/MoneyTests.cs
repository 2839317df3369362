using System.Globalization;
using System.Text.Json;
using TechMarket.ServiceKit;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.MarketKit.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("2380000.00", "2380000.00")]
    [InlineData("2380000.5", "2380000.50")]
    [InlineData("2380000", "2380000.00")]
    [InlineData("0.01", "0.01")]
    [InlineData("0", "0.00")]
    [InlineData("007", "7.00")]
    [InlineData("-0.01", "-0.01")]
    [InlineData("999999999999.99", "999999999999.99")]
    [InlineData("-999999999999.99", "-999999999999.99")]
    public void An_amount_is_a_decimal_string_and_is_written_with_two_digits(string sent, string written)
    {
        Assert.Equal(written, Read($$"""{"amount":"{{sent}}","currency":"CNY"}""")!.AmountText);
        Assert.Equal($$"""{"amount":"{{written}}","currency":"CNY"}""", JsonSerializer.Serialize(Read($"\"{sent}\""), Json.Options));
    }

    [Theory]
    [InlineData("1000000000000")]
    [InlineData("1000000000000.00")]
    [InlineData("-1000000000000")]
    [InlineData("0.001")]
    [InlineData("0.005")]
    [InlineData("1.000000000000000000000000000000001")] // more digits than a decimal holds must not be rounded away
    [InlineData("999999999999.990000000000000000000000001")]
    [InlineData("1e3")]
    [InlineData("1,000.00")]
    [InlineData("1 000")]
    [InlineData(" 1.00")]
    [InlineData("1.00 ")]
    [InlineData("1.00\\n")]
    [InlineData("1.00\\u0000")]
    [InlineData("１.00")]
    [InlineData("¥1.00")]
    [InlineData("0x10")]
    [InlineData("--1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData(".")]
    [InlineData("-")]
    [InlineData("")]
    [InlineData("\\ud800")]
    public void Anything_else_is_not_an_amount(string sent)
    {
        Assert.Throws<JsonException>(() => Read($"\"{sent}\""));
        Assert.Throws<JsonException>(() => Read($$"""{"amount":"{{sent}}","currency":"CNY"}"""));
    }

    [Theory]
    [InlineData("1.00")] // a floating-point number
    [InlineData("1")]
    [InlineData("true")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""["1.00"]""")]
    [InlineData("""{"amount":1.00}""")]
    [InlineData("""{"amount":null}""")]
    [InlineData("""{"amount":{"value":"1.00"}}""")]
    [InlineData("""{"currency":"CNY"}""")]
    [InlineData("""{"amount":"1.00","currency":"USD"}""")]
    [InlineData("""{"amount":"1.00","currency":"cny"}""")]
    [InlineData("""{"amount":"1.00","currency":null}""")]
    [InlineData("""{"amount":"1.00","currency":""}""")]
    [InlineData("""{"Amount":"1.00"}""")]
    [InlineData("""{"amount":"1.00","unit":"万元"}""")]
    [InlineData("""{"amount":"1.00","amount":"2.00"}""")]
    [InlineData("""{"amount":"1.00","currency":"USD","currency":"CNY"}""")]
    public void Money_of_another_shape_is_refused(string sent) => Assert.Throws<JsonException>(() => Read(sent));

    [Theory]
    [InlineData("""{"amount":"7.00"}""")]
    [InlineData("""{"amount":"7.00","currency":"CNY"}""")]
    [InlineData("""{"currency":"CNY","amount":"7.00"}""")]
    [InlineData(""" { "currency" : "CNY" , "amount" : "7" } """)]
    [InlineData("\"7.00\"")]
    public void The_currency_may_be_left_out_for_it_is_always_the_same(string sent) => Assert.Equal(Money.Cny(7m), Read(sent));

    [Fact]
    public void Nothing_is_no_money()
    {
        Assert.Null(Read("null"));
        Assert.Null(Money.Cny((decimal?)null));
        Assert.Equal(Money.Cny(7m), Money.Cny((decimal?)7m));
    }

    [Fact]
    public void Money_stands_in_the_middle_of_a_request_like_any_other_value()
    {
        var read = JsonSerializer.Deserialize<Offer>("""{"before":"a","price":{"amount":"7.10"},"least":"1.00","after":"b"}""", Json.Options)!;
        Assert.Equal(new Offer("a", Money.Cny(7.1m), Money.Cny(1m), "b"), read);
        Assert.Equal(
            """{"before":"a","price":{"amount":"7.10","currency":"CNY"},"least":null,"after":"b"}""",
            JsonSerializer.Serialize(read with { Least = null }, Json.Options));
    }

    [Fact]
    public void Half_a_cent_is_written_as_a_whole_one()
    {
        Assert.Equal("0.01", Money.Cny(0.005m).AmountText);
        Assert.Equal("0.03", Money.Cny(0.025m).AmountText);
        Assert.Equal("-0.01", Money.Cny(-0.005m).AmountText);
        Assert.Equal("0.00", Money.Cny(0.0049m).AmountText);
    }

    [Fact]
    public void It_is_written_alike_wherever_the_program_runs()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NumberDecimalSeparator = ",", NegativeSign = "~" } };
            Assert.Equal("-1234567.80", Money.Cny(-1_234_567.8m).AmountText);
            Assert.Equal(Money.Cny(-1_234_567.8m), Read("\"-1234567.80\""));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_amount_comes_back_as_it_was_sent() => Randomly.Run(500, random =>
    {
        var cents = random.NextInt64(-99_999_999_999_999, 100_000_000_000_000) / (long)Math.Pow(10, random.Next(14));
        var money = Money.Cny(cents / 100m);
        Assert.Equal(money, Read(JsonSerializer.Serialize(money, Json.Options)));
        Assert.Equal(money, Read($"\"{money.AmountText}\""));
        Assert.Equal(cents, decimal.Parse(money.AmountText, CultureInfo.InvariantCulture) * 100);
    });

    [Fact]
    public void A_price_must_be_there_and_reach_the_least()
    {
        Assert.Equal("This field is required.", ErrorOf(shape => shape.Cny("price", null)));
        Assert.Equal("Must be at least 0.01.", ErrorOf(shape => shape.Cny("price", Money.Cny(0m))));
        Assert.Equal("Must be at least 0.01.", ErrorOf(shape => shape.Cny("price", Money.Cny(-5m))));
        Assert.Equal("Must be at least 100.", ErrorOf(shape => shape.Cny("price", Money.Cny(99.99m), 100)));
        Assert.Equal("Must be at least 0.01.", ErrorOf(shape => shape.OptionalCny("price", Money.Cny(0m))));
    }

    [Fact]
    public void A_good_price_is_given_back()
    {
        var shape = new Shape();
        Assert.Equal(0.01m, shape.Cny("price", Money.Cny(0.01m)));
        Assert.Equal(0m, shape.Cny("price", Money.Cny(0m), 0));
        Assert.Equal(Money.AmountMax, shape.OptionalCny("price", Money.Cny(Money.AmountMax)));
        Assert.Null(shape.OptionalCny("price", null));
        Assert.Null(shape.Problem);
    }

    static Money? Read(string json) => JsonSerializer.Deserialize<Money>(json, Json.Options);

    static string ErrorOf(Action<Shape> check)
    {
        var shape = new Shape();
        check(shape);
        return Assert.Single(((Problem)shape.Problem!.Body!).Errors!["price"]).English;
    }

    public sealed record Offer(string Before, Money? Price, Money? Least, string After);
}

using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Contracts.Tests;

public sealed class StatisticsTests
{
    readonly TestPerson sichuan = TestPerson.Registrar("510000");
    readonly TestPerson anhui = TestPerson.Registrar("340000");

    [Fact]
    public async Task Registered_contracts_are_counted_by_period_region_and_direction()
    {
        await using var service = await ServiceUnderTest.StartAsync(Program.Service);
        var contracts = new ContractsFixture(service);
        service.Clock.Set(At(2025, 12, 31, 23));
        await contracts.InStateAsync("registered", sichuan, 100_000m);
        service.Clock.Set(At(2026, 11, 5, 9));
        await contracts.InStateAsync("registered", sichuan, 150_000m);
        await contracts.InStateAsync("registered", sichuan, 50_000m, "510700", "510100");
        await contracts.InStateAsync("registered", anhui, 70_000m, "341600", "510100");
        await contracts.InStateAsync("examined", sichuan, 999_999m);

        var reply = await AskAsync(service, "period=2026-Q4&regionCode=510000");
        Assert.Equal((2, "200000.00", "200000.00"), ((int)reply["count"]!, Yuan(reply, "value"), Yuan(reply, "technicalAmount")));
        Assert.Equal((2, "200000.00"), ((int)reply["output"]!["count"]!, (string)reply["output"]!["value"]!["amount"]!));
        Assert.Equal((2, "120000.00"), ((int)reply["absorbed"]!["count"]!, (string)reply["absorbed"]!["value"]!["amount"]!));
        // One contract of 100,000 yuan in the fourth quarter of 2025, absorbed elsewhere.
        Assert.Equal((1m, 1m), ((decimal)reply["growth"]!["count"]!, (decimal)reply["growth"]!["value"]!));
        Assert.Null(reply["growth"]!["absorbedCount"]);

        Assert.Equal(1, (int)(await AskAsync(service, "period=2026-11&regionCode=510700"))["count"]!);
        Assert.Equal(0, (int)(await AskAsync(service, "period=2026-12&regionCode=510700"))["count"]!);
        Assert.Equal(3, (int)(await AskAsync(service, "period=2026"))["count"]!);
        Assert.Equal(3, (int)(await AskAsync(service, "period=2026-H2"))["count"]!);
        Assert.Equal(0, (int)(await AskAsync(service, "period=2026-H1"))["count"]!);
        // Eleven at night of the last day in Shanghai is still the old year.
        Assert.Equal(1, (int)(await AskAsync(service, "period=2025-12"))["count"]!);
    }

    [Theory]
    [InlineData("period=", "period")]
    [InlineData("period=2026-Q5", "period")]
    [InlineData("period=2026-13", "period")]
    [InlineData("period=26", "period")]
    [InlineData("", "period")]
    [InlineData("period=2026&regionCode=999999", "regionCode")]
    public async Task A_question_that_makes_no_sense_is_told_by_its_field(string query, string field)
    {
        await using var service = await ServiceUnderTest.StartAsync(Program.Service);
        Assert.NotNull((await service.As(null).GetAsync($"/api/statistics/contracts?{query}")).Expect(400)["errors"]![field]);
    }

    static async Task<Reply> AskAsync(ServiceUnderTest service, string query) =>
        (await service.As(null).GetAsync($"/api/statistics/contracts?{query}")).Expect(200);

    static string Yuan(Reply reply, string field) => (string)reply[field]!["amount"]!;

    static DateTimeOffset At(int year, int month, int day, int hour) => new(year, month, day, hour, 30, 0, TimeSpan.FromHours(8));
}

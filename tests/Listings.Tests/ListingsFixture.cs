using System.Text.Json.Nodes;
using TechMarket.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(TechMarket.Listings.Tests.ListingsFixture))]

namespace TechMarket.Listings.Tests;

/// <summary>The service, started once for all tests of this project; tests make organisations and records of their own.</summary>
public sealed class ListingsFixture : IAsyncLifetime
{
    static readonly (string State, string Step, bool IsBureau)[] Way =
    [
        ("draft", "", false), ("submitted", "submission", false), ("screened", "screening", true), ("registered", "registration", true),
        ("published", "publication", false),
    ];

    readonly bool ownsService;

    public ListingsFixture() => ownsService = true;

    /// <summary>The same steps on a service of a test's own.</summary>
    internal ListingsFixture(ServiceUnderTest service) => Service = service;

    public ServiceUnderTest Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await ServiceUnderTest.StartAsync(Program.Service);

    public ValueTask DisposeAsync() => ownsService && Service is not null ? Service.DisposeAsync() : default;

    internal async Task<Guid> DraftAsync(TestPerson provider, JsonObject body) =>
        (await Service.As(provider).PostAsync("/api/achievements", body)).Expect(201).Id;

    internal async Task<string> StepAsync(TestPerson caller, Guid id, string step, object body) =>
        (string)(await Service.As(caller).PostAsync($"/api/achievements/{id}/{step}", body)).Expect(200)["status"]!;

    /// <summary>A new achievement brought to a state.</summary>
    internal async Task<Guid> InStateAsync(string state, TestPerson provider, TestPerson bureau, JsonObject? body = null)
    {
        var id = await DraftAsync(provider, body ?? AchievementBodies.Good());
        foreach (var step in Way.Skip(1).TakeWhile(step => Array.FindIndex(Way, one => one.State == state) >= Array.IndexOf(Way, step)))
            Assert.Equal(step.State, await StepAsync(step.IsBureau ? bureau : provider, id, step.Step, BodyOf(step.Step)));
        return id;
    }

    internal static object BodyOf(string step) => step switch
    {
        "screening" => new { conclusion = "public" },
        "registration" => new { decision = "registered" },
        _ => new { },
    };
}

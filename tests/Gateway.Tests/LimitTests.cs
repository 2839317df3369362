using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

/// <summary>Each on a gateway of its own with small limits.</summary>
public sealed class LimitTests(PlatformFixture fixture)
{
    [Fact]
    public async Task Who_calls_too_often_is_told_when_to_come_back_and_then_served()
    {
        await using var gateway = await StartAsync("RequestsPerSecond", 3);
        var replies = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => gateway.Nobody.GetAsync("/health/live")));
        Assert.Contains(replies, reply => reply.Status == 200);
        var refused = replies.Where(reply => reply.Status != 200).ToList();
        Assert.NotEmpty(refused);
        Assert.All(refused, reply =>
        {
            Assert.Equal("too-many-requests", reply.Expect(429).Problem);
            Assert.Equal(1, reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        });
        await Eventually.Async(() => gateway.Nobody.GetAsync("/health/live"), reply => reply.Status == 200);
    }

    [Fact]
    public async Task Each_caller_has_a_limit_of_its_own()
    {
        await using var gateway = await StartAsync("RequestsPerSecond", 5);
        var person = gateway.With(await fixture.TokenAsync(await fixture.NewPersonAsync()));
        await Eventually.Async(
            async () =>
            {
                var nobody = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => gateway.Nobody.GetAsync("/health/live")));
                return (Nobody: nobody[^1].Status, Person: (await person.GetAsync("/health/live")).Status);
            },
            seen => seen == (429, 200));
    }

    [Fact]
    public async Task Sign_ins_are_counted_together_whichever_door_and_spelling_is_used()
    {
        await using var gateway = await StartAsync("SignInsPerMinute", 9);
        var attempt = new { email = "nobody@example.org", password = "a wrong one" };
        foreach (var path in new[]
        {
            "/api/tokens", "/session", "/api/passwords/forgotten", "/api/tokens/api-key",
            "/api/tokens/", "/API/Tokens", "/api/TOKENS/", "/Session/", "/api/token%73",
        })
        {
            Assert.NotEqual(429, (await gateway.Nobody.PostAsync(path, attempt)).Status);
        }

        foreach (var path in new[] { "/api/tokens", "/api/tokens/", "/API/TOKENS", "/session", "/session/", "/api/token%73", "/api/passwords/forgotten/" })
        {
            var reply = (await gateway.Nobody.PostAsync(path, attempt)).Expect(429);
            Assert.Equal("too-many-requests", reply.Problem);
            Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 2, 60);
        }

        (await gateway.Nobody.GetAsync("/api/organisations")).Expect(200);
        Assert.NotEqual(429, (await gateway.Nobody.PostAsync("/api/organisations", new { })).Status);
    }

    [Fact]
    public async Task Sign_ups_are_counted_apart()
    {
        await using var gateway = await StartAsync("SignUpsPerMinute", 2);
        (await gateway.Nobody.PostAsync("/api/organisations", new { })).Expect(400);
        (await gateway.Nobody.PostAsync("/api/organisations/", new { })).Expect(400);
        (await gateway.Nobody.PostAsync("/api/organisations", new { })).Expect(429);
        (await gateway.Nobody.PostAsync("/API/organisations/", new { })).Expect(429);
        (await gateway.Nobody.PostAsync("/api/tokens", new { })).Expect(400);
        (await gateway.Nobody.GetAsync("/api/organisations")).Expect(200);
    }

    [Fact]
    public async Task Zero_switches_the_limits_off()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => fixture.Gateway.Nobody.PostAsync("/api/tokens", new { })));
        Assert.All(replies, reply => reply.Expect(400));
    }

    [Fact]
    public async Task The_word_of_a_known_proxy_on_the_callers_address_is_taken_and_nobody_elses()
    {
        await using var behind = await StartAsync("SignUpsPerMinute", 1, ("Proxies", "127.0.0.1, 10.0.0.1"));
        Assert.Equal(400, (await SignUpFromAsync(behind, "203.0.113.1")).Status);
        Assert.Equal(429, (await SignUpFromAsync(behind, "203.0.113.1")).Status);
        Assert.Equal(400, (await SignUpFromAsync(behind, "203.0.113.2")).Status);

        await using var open = await StartAsync("SignUpsPerMinute", 1);
        Assert.Equal(400, (await SignUpFromAsync(open, "203.0.113.1")).Status);
        Assert.Equal(429, (await SignUpFromAsync(open, "203.0.113.2")).Status);
    }

    static Task<Reply> SignUpFromAsync(GatewayUnderTest gateway, string address) =>
        gateway.Client(("X-Forwarded-For", address)).PostAsync("/api/organisations", new { });

    Task<GatewayUnderTest> StartAsync(string limit, int permits, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?> { [$"Limits:{limit}"] = $"{permits}" };
        foreach (var (name, value) in more) settings[name] = value;
        return fixture.StartGatewayAsync(settings);
    }
}

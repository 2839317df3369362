using TechMarket.Events;
using Xunit;

namespace TechMarket.Accounts.Tests.Sessions;

public sealed class RefreshTokensTests(AccountsFixture fixture)
{
    readonly Market market = fixture.Market;

    [Fact]
    public async Task A_refresh_gives_the_next_pair_of_the_same_session()
    {
        var admin = await market.AdminAsync();
        var next = market.Holding((await market.RefreshAsync(admin.RefreshToken)).Expect(200));
        Assert.Equal((admin.SessionId, admin.PersonId), (next.SessionId, next.PersonId));
        Assert.NotEqual(admin.RefreshToken, next.RefreshToken);
        (await next.Client.GetAsync("/api/me")).Expect(200);
        (await admin.Client.GetAsync("/api/me")).Expect(200);
        (await market.RefreshAsync(next.RefreshToken)).Expect(200);
    }

    [Fact]
    public async Task A_refresh_token_that_comes_again_ends_the_session()
    {
        var admin = await market.AdminAsync();
        var next = market.Holding((await market.RefreshAsync(admin.RefreshToken)).Expect(200));
        Assert.Equal("refresh-token-worthless", (await market.RefreshAsync(admin.RefreshToken)).Expect(401).Problem);
        (await next.Client.GetAsync("/api/me")).Expect(401);
        (await market.RefreshAsync(next.RefreshToken)).Expect(401);
        Assert.Single(await fixture.Service.PublishedAsync<SessionRevoked>(), e => e.SessionId == admin.SessionId && e.PersonId == admin.PersonId);
    }

    [Fact]
    public async Task Of_two_refreshes_at_once_with_one_token_one_succeeds_and_the_theft_is_noticed()
    {
        var admin = await market.AdminAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => market.RefreshAsync(admin.RefreshToken)));
        var next = market.Holding(Assert.Single(replies, reply => reply.Status == 200));
        Assert.All(replies, reply => Assert.True(reply.Status is 200 or 401, reply.ToString()));
        (await market.RefreshAsync(next.RefreshToken)).Expect(401);
    }

    [Fact]
    public async Task What_was_never_given_is_refused_and_harms_no_session()
    {
        var admin = await market.AdminAsync();
        foreach (var token in new[] { "x", "x.y", $"{Guid.NewGuid():N}.{new string('a', 43)}", $"{admin.SessionId:N}.{new string('a', 43)}" })
            Assert.Equal("refresh-token-worthless", (await market.RefreshAsync(token)).Expect(401).Problem);
        Assert.NotNull((await market.RefreshAsync("")).Expect(400)["errors"]!["refreshToken"]);
        (await market.RefreshAsync(admin.RefreshToken)).Expect(200);
    }

    [Fact]
    public async Task The_next_token_knows_what_has_changed_meanwhile()
    {
        var applicant = await market.ApplyAsync("enterprise");
        var before = await market.SignInAsync(applicant.Email);
        Assert.False(before.Organisation.Verified);
        await market.VerifyAsync(applicant.OrganisationId);
        var after = market.Holding((await market.RefreshAsync(before.RefreshToken)).Expect(200));
        Assert.True(after.Organisation.Verified);
        Assert.Equal(["admin", "provider", "seeker"], after.Roles);
    }

    [Fact]
    public async Task A_session_ends_by_itself_in_the_end()
    {
        await using var own = await Market.StartAsync();
        var admin = await own.SignInAsync((await own.ApplyAsync()).Email);
        own.Service.Clock.Advance(TimeSpan.FromDays(29));
        var later = (await own.RefreshAsync(admin.RefreshToken)).Expect(200);
        own.Service.Clock.Advance(TimeSpan.FromDays(2));
        (await own.RefreshAsync((string)later["refreshToken"]!)).Expect(401);
    }
}

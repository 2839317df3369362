using System.Text;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.ServiceKit.Tests;

public sealed class RequestTests(NoteFixture fixture)
{
    readonly Client provider = fixture.Service.As(TestPerson.Provider());

    [Theory]
    [InlineData("{", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("", "body")]
    [InlineData("""{"text":5}""", "text")]
    [InlineData("""{"text":"a","other":1}""", "other")]
    [InlineData("""{"text":"a","text":"b"}""", "text")]
    [InlineData("""{"Text":"a"}""", "Text")]
    [InlineData("""{"text":"a\u0000b"}""", "text")]
    [InlineData("""{"text":"a\ud800"}""", "text")]
    [InlineData("""{"text":"   "}""", "text")]
    [InlineData("""{"text":null}""", "text")]
    [InlineData("""{"text":"123456789012345678901234567890123456789012345678901"}""", "text")]
    public async Task Bad_input_is_refused_by_the_name_of_the_field(string body, string field)
    {
        var reply = await provider.PostTextAsync("/api/notes", body);
        reply.Expect(400);
        Assert.Equal("invalid-request", reply.Problem);
        Assert.NotNull(reply["errors"]![field]);
    }

    [Theory]
    [InlineData("zh-CN", "此项必填。")]
    [InlineData("en-GB,zh;q=0.5", "This field is required.")]
    [InlineData("fr", "此项必填。")]
    public async Task A_problem_speaks_the_callers_language(string language, string expected)
    {
        var client = fixture.Service.As(TestPerson.Provider());
        client.Http.DefaultRequestHeaders.Add("Accept-Language", language);
        var reply = await client.PostAsync("/api/notes", new { });
        Assert.Equal(expected, (string)reply.Expect(400)["errors"]!["text"]![0]!);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_413_and_one_that_is_not_json_415()
    {
        Assert.Equal("body-too-large", (await provider.PostTextAsync("/api/notes", $$"""{"text":"{{new string('x', 2_000_000)}}"}""")).Expect(413).Problem);
        var text = await provider.SendAsync(HttpMethod.Post, "/api/notes", new StringContent("text", Encoding.UTF8, "text/plain"));
        Assert.Equal("unsupported-media-type", text.Expect(415).Problem);
    }

    [Theory]
    [InlineData("/api/numbers?limit=x", "limit")]
    [InlineData("/api/numbers", "limit")]
    [InlineData("/api/numbers?limit=1&q=%00", "q")]
    public async Task A_bad_query_is_refused_by_its_name(string path, string field) =>
        Assert.NotNull((await provider.GetAsync(path)).Expect(400)["errors"]![field]);

    [Fact]
    public async Task What_is_not_there_is_a_problem_too()
    {
        Assert.Equal("not-found", (await provider.GetAsync("/api/nothing")).Expect(404).Problem);
        Assert.Equal("not-found", (await provider.GetAsync("/api/notes/not-a-guid")).Expect(404).Problem);
        Assert.Equal("method-not-allowed", (await provider.PutAsync("/api/notes", new { })).Expect(405).Problem);
    }

    [Fact]
    public async Task A_bug_leaks_nothing_but_a_trace_id()
    {
        var reply = await provider.GetAsync("/api/faults");
        Assert.Equal("unexpected", reply.Expect(500).Problem);
        Assert.DoesNotContain("secret", reply.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", reply.Text, StringComparison.Ordinal);
        Assert.NotNull(reply["traceId"]);
    }

    [Fact]
    public async Task Roles_are_checked_before_the_body_is_read()
    {
        Assert.Equal("not-signed-in", (await fixture.Service.As(null).PostTextAsync("/api/notes", "{")).Expect(401).Problem);
        Assert.Equal("not-allowed", (await fixture.Service.As(TestPerson.Bureau()).PostTextAsync("/api/notes", "{")).Expect(403).Problem);
        Assert.Equal("organisation-not-verified",
            (await fixture.Service.As(TestPerson.Provider().Unverified()).PostTextAsync("/api/notes", "{")).Expect(403).Problem);
    }

    [Fact]
    public async Task A_token_of_another_key_is_worth_nothing_even_where_none_is_needed()
    {
        var stranger = fixture.Service.As(null);
        stranger.Http.DefaultRequestHeaders.Authorization = new("Bearer", new TestTokens().Sign(TestPerson.Provider(), DateTimeOffset.UtcNow));
        (await stranger.PostAsync("/api/public-notes", new { text = "hello" })).Expect(401);
        (await fixture.Service.As(null).PostAsync("/api/public-notes", new { text = "hello" })).Expect(201);
    }

    [Fact]
    public async Task The_same_key_and_body_gives_the_first_answer_again_and_another_body_422()
    {
        var first = (await provider.PostAsync("/api/notes", new { text = "once" }, "key-1")).Expect(201);
        var again = (await provider.PostAsync("/api/notes", new { text = "once" }, "key-1")).Expect(201);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("idempotency-key-reused", (await provider.PostAsync("/api/notes", new { text = "other" }, "key-1")).Expect(422).Problem);
        var somebodyElse = (await fixture.Service.As(TestPerson.Provider()).PostAsync("/api/notes", new { text = "once" }, "key-1")).Expect(201);
        Assert.NotEqual(first.Text, somebodyElse.Text);
    }

    [Fact]
    public async Task One_key_sent_thirty_two_times_at_once_has_one_effect()
    {
        var text = $"racing {Guid.NewGuid():N}"[..30];
        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => provider.PostAsync("/api/notes", new { text }, text)));
        Assert.Single(replies.Select(reply => reply.Expect(201).Text).Distinct());
        Assert.Single(await fixture.Service.RowsAsync<Guid>("select id from note where text = @text", new { text }));
    }

    [Fact]
    public async Task A_refusal_leaves_nothing_behind()
    {
        var reply = (await provider.PostAsync("/api/notes", new { text = "never mind" }, "key-2")).Expect(409);
        Assert.Equal("wrong-state", reply.Problem);
        Assert.Empty(await fixture.Service.RowsAsync<Guid>("select id from note where text = 'never mind'"));
        Assert.Empty(await fixture.Service.RowsAsync<Guid>("select aggregate_id from outbox where body->>'reason' = 'never mind'"));
        Assert.Empty(await fixture.Service.RowsAsync<long>("select position from audit_log where detail like '%never mind%'"));
    }
}

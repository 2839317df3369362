using System.Net.Http.Headers;
using System.Text;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.Gateway.Tests;

public sealed class BodyLimitTests(PlatformFixture fixture)
{
    const int Mebibyte = 1024 * 1024;
    readonly GatewayUnderTest gateway = fixture.Gateway;

    [Theory]
    [InlineData("/api/tokens", Mebibyte + 1, false)]
    [InlineData("/api/tokens", Mebibyte + 1, true)]
    [InlineData("/api/tokens", 8 * Mebibyte, false)]
    [InlineData("/api/tokens", 8 * Mebibyte, true)]
    [InlineData("/session", Mebibyte + 1, false)]
    [InlineData("/session", Mebibyte + 1, true)]
    [InlineData("/api/needs/imports", (16 * Mebibyte) + 1, false)]
    [InlineData("/api/needs/imports", (16 * Mebibyte) + 1, true)]
    public async Task A_body_that_is_too_large_is_refused_whether_or_not_its_length_is_announced(string path, int length, bool isChunked)
    {
        var reply = (await SendAsync(path, length, isChunked, null)).Expect(413);
        Assert.Equal("body-too-large", reply.Problem);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_the_largest_size_is_read(bool isChunked)
    {
        // Services count the frames of chunks too. Read to its end, the body is found to hold no good password.
        var length = isChunked ? Mebibyte - 65536 : Mebibyte;
        var reply = (await SendAsync("/api/tokens", length, isChunked, null)).Expect(400);
        Assert.NotNull(reply["errors"]!["password"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_import_may_be_larger(bool isChunked)
    {
        var bureau = await fixture.TokenAsync(await fixture.NewPersonAsync("bureau"));
        var reply = (await SendAsync("/api/needs/imports", 15 * Mebibyte, isChunked, bureau)).Expect(400);
        Assert.NotNull(reply["errors"]!["password"]);
    }

    /// <summary>A JSON body of exactly so many bytes.</summary>
    async Task<Reply> SendAsync(string path, int length, bool isChunked, string? token)
    {
        const string frame = """{"password":""}""";
        var text = frame[..^2] + new string('x', length - frame.Length) + frame[^2..];
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes(text)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.TransferEncodingChunked = isChunked;
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await gateway.Nobody.Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return new Reply((int)response.StatusCode, System.Text.Json.Nodes.JsonNode.Parse(answer), answer, response.Headers);
    }
}

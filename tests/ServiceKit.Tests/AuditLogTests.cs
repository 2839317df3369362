using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using TechMarket.TestKit;
using Xunit;

namespace TechMarket.ServiceKit.Tests;

public sealed class AuditLogTests(NoteFixture fixture)
{
    [Fact]
    public async Task The_chain_can_be_followed_from_the_first_record_to_the_last()
    {
        var provider = fixture.Service.As(TestPerson.Provider());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => provider.PostAsync("/api/notes", new { text = $"audited {i}" })));

        byte[] previous = [];
        var rows = await fixture.Service.RowsAsync<AuditRow>("""
            select position, at, actor, organisation, action, subject, detail, previous_hash as previoushash, hash from audit_log order by position
            """);
        Assert.True(rows.Count >= 20);
        foreach (var (row, index) in rows.Select((row, index) => (row, index)))
        {
            Assert.Equal(index + 1, row.Position);
            Assert.Equal(previous, row.PreviousHash);
            var text = string.Join('\n', row.Position.ToString(CultureInfo.InvariantCulture),
                row.At.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                row.Actor?.ToString() ?? "", row.Organisation?.ToString() ?? "", row.Action, row.Subject, row.Detail);
            Assert.Equal(SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(text)]), row.Hash);
            previous = row.Hash;
        }
    }

    [Theory]
    [InlineData("update audit_log set detail = 'nothing happened'")]
    [InlineData("delete from audit_log")]
    [InlineData("truncate audit_log")]
    public async Task Nothing_in_it_is_ever_changed(string sql)
    {
        (await fixture.Service.As(TestPerson.Provider()).PostAsync("/api/notes", new { text = "audited" })).Expect(201);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => fixture.Service.RowsAsync<int>(sql));
        Assert.Equal("audit_log_is_append_only", refused.ConstraintName);
    }

    sealed record AuditRow(
        long Position, DateTime At, Guid? Actor, Guid? Organisation, string Action, string Subject, string Detail, byte[] PreviousHash, byte[] Hash);
}

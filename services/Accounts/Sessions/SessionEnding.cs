using TechMarket.Events;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Sessions;

/// <summary>Ends sessions before their time and tells every service, so that their tokens are worth nothing from now on.</summary>
public sealed class SessionEnding(RevokedSessions revoked, AccessTokens tokens)
{
    /// <summary>Ends one session; false when it was over already.</summary>
    public async Task<bool> EndAsync(Transaction transaction, Guid sessionId, CancellationToken ct) =>
        await EndAsync(transaction, "id = @sessionId", new { sessionId, transaction.Now }, ct) > 0;

    /// <summary>Ends every session of a person.</summary>
    public Task<int> EndOfPersonAsync(Transaction transaction, Guid personId, CancellationToken ct) =>
        EndAsync(transaction, "person_id = @personId", new { personId, transaction.Now }, ct);

    /// <summary>Ends every session of an organisation's people.</summary>
    public Task<int> EndOfOrganisationAsync(Transaction transaction, Guid organisationId, CancellationToken ct) =>
        EndAsync(transaction, "person_id in (select id from person where organisation_id = @organisationId)",
            new { organisationId, transaction.Now }, ct);

    /// <summary>Ends the sessions of a person that one device or key began.</summary>
    public Task<int> EndOfDeviceAsync(Transaction transaction, Guid personId, string device, CancellationToken ct) =>
        EndAsync(transaction, "person_id = @personId and device = @device", new { personId, device, transaction.Now }, ct);

    async Task<int> EndAsync(Transaction transaction, string which, object arguments, CancellationToken ct)
    {
        var ended = await transaction.QueryAsync<(Guid Id, Guid PersonId)>(
            $"update session set ended_at = @Now where {which} and ended_at is null returning id, person_id", arguments, ct);
        var tokensExpireAt = transaction.Now + tokens.Lifetime + TimeSpan.FromMinutes(1);
        foreach (var session in ended)
        {
            transaction.Publish(session.Id, new SessionRevoked(session.Id, session.PersonId, transaction.Now, tokensExpireAt));
            transaction.AfterCommit(() => revoked.Add(session.Id, tokensExpireAt));
        }

        return ended.Count;
    }
}

using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Sessions;

/// <summary>Begins sessions and hands out their tokens. Answers that carry tokens are never kept for a repeated request.</summary>
public sealed class SessionMaking(AccessTokens tokens)
{
    const int DeviceMax = 200;
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Begins a session and commits. One that is confined to some roles stays so when its tokens are refreshed.</summary>
    internal async Task<IResult> BeginAsync(
        Transaction transaction, Bearer bearer, string device, CancellationToken ct, string[]? confinedTo = null)
    {
        var id = Guid.CreateVersion7(transaction.Now);
        var secret = Secrets.New();
        await transaction.ExecuteAsync("""
            insert into session (id, person_id, refresh_hash, device, confined_to, created_at, last_used_at, expires_at)
            values (@id, @PersonId, @hash, @device, @confinedTo, @Now, @Now, @end)
            """,
            new
            {
                id,
                bearer.PersonId,
                hash = Secrets.Hash(secret),
                device = device[..Math.Min(device.Length, DeviceMax)],
                confinedTo,
                transaction.Now,
                end = transaction.Now + Lifetime,
            }, ct);
        await transaction.CommitAsync(ct);
        return Answer(bearer.ConfinedTo(confinedTo), id, secret);
    }

    /// <summary>The tokens of a session.</summary>
    internal IResult Answer(Bearer bearer, Guid sessionId, string secret) => ServiceKit.Answer.Ok(new TokenAnswer(
        tokens.Make(bearer, sessionId), "Bearer", (int)tokens.Lifetime.TotalSeconds, $"{sessionId:N}.{secret}"));
}

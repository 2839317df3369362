using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Mail;

/// <summary>Letters that carry a link which works once: invitations, forgotten passwords, new addresses.</summary>
public sealed class MailTokens(Mailbox mailbox, IConfiguration configuration)
{
    /// <summary>A colleague is invited and sets the password.</summary>
    public const string Invitation = "invitation";

    /// <summary>Somebody forgot the password.</summary>
    public const string Password = "password";

    /// <summary>Somebody wants another address.</summary>
    public const string Email = "email";

    static readonly Dictionary<string, (TimeSpan Life, string Path, string Chinese, string English)> Letters = new()
    {
        [Invitation] = (TimeSpan.FromDays(7), "invitation", "邀请您加入科技大市场", "You are invited to TechMarket"),
        [Password] = (TimeSpan.FromHours(1), "password", "重设科技大市场口令", "Set a new TechMarket password"),
        [Email] = (TimeSpan.FromDays(1), "email", "确认新的电子邮箱", "Confirm your new e-mail address"),
    };

    /// <summary>Keeps the hash of a new secret and sends the letter once the transaction has committed.</summary>
    /// <param name="transaction">What asks for it.</param>
    /// <param name="personId">Whom it is for.</param>
    /// <param name="purpose">One of the purposes above.</param>
    /// <param name="to">The address it goes to.</param>
    /// <param name="email">The new address, for a change of address.</param>
    /// <param name="ct">Gives up.</param>
    public async Task SendAsync(Transaction transaction, Guid personId, string purpose, string to, string? email, CancellationToken ct)
    {
        var (life, path, chinese, english) = Letters[purpose];
        var secret = Secrets.New();
        await transaction.ExecuteAsync("""
            insert into mail_token (hash, person_id, purpose, email, expires_at) values (@hash, @personId, @purpose, @email, @end)
            """, new { hash = Secrets.Hash(secret), personId, purpose, email, end = transaction.Now + life }, ct);
        var link = $"{configuration["PublicAddress"]?.TrimEnd('/')}/{path}?token={secret}";
        transaction.AfterCommit(() => mailbox.Post(new Letter(
            to, $"{chinese} · {english}",
            $"{chinese}：\n{english}:\n\n{link}\n\n令牌 token: {secret}\n有效期至 · valid until {transaction.Now + life:u}\n")));
    }

    /// <summary>Uses a secret up; null when it is unknown, used or too old.</summary>
    internal static Task<UsedToken?> UseAsync(Transaction transaction, string secret, string purpose, CancellationToken ct) =>
        transaction.SingleOrDefaultAsync<UsedToken>("""
            update mail_token set used_at = @Now where hash = @hash and purpose = @purpose and used_at is null and expires_at > @Now
            returning person_id, email
            """, new { hash = Secrets.Hash(secret), purpose, transaction.Now }, ct);

    /// <summary>Makes every letter that a person has had worthless: after a change of password or address, and when the person is erased.</summary>
    internal static Task ForgetAsync(Transaction transaction, Guid personId, CancellationToken ct) =>
        transaction.ExecuteAsync("delete from mail_token where person_id = @personId", new { personId }, ct);
}

/// <summary>What a secret stood for.</summary>
sealed class UsedToken
{
    public Guid PersonId { get; init; }

    public string? Email { get; init; }
}

using TechMarket.Accounts.People;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts;

/// <summary>Makes the first operator from <c>Operator:Email</c> and <c>Operator:Password</c> at start. The password there is the one that holds:
/// whoever can set the program's settings can also get in again.</summary>
public sealed class FirstOperator(IConfiguration configuration, Database database, Passwords passwords) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["Operator:Email"] is not { Length: > 0 } given || configuration["Operator:Password"] is not { Length: > 0 } password) return;
        var email = given.ToLowerInvariant();
        await using var transaction = await database.BeginAsync(cancellationToken);
        var known = await transaction.SingleOrDefaultAsync<string>(
            "select password_hash from person where email = @email for update", new { email }, cancellationToken);
        if (known is not null && passwords.Fits(known, password)) return;
        await transaction.ExecuteAsync("""
            insert into person (id, name, email, password_hash, roles, status, created_at)
            values (@id, '运营者', @email, @hash, '{operator}', 'active', @Now)
            on conflict on constraint person_email_is_unique
                do update set password_hash = excluded.password_hash, failed_count = 0, locked_until = null
                where person.roles = '{operator}'
            """, new { id = Guid.CreateVersion7(transaction.Now), email, hash = passwords.Hash(password), transaction.Now }, cancellationToken);
        transaction.Audit(null, "operator.set", email);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Keys;

/// <summary>The keys that tokens are signed with (ES256): one in use, retired ones trusted until the last token they signed has expired.
/// Several processes share them through the table.</summary>
public sealed class SigningKeys(Database database, TimeProvider clock, ILogger<SigningKeys> logger) : BackgroundService
{
    /// <summary>Longer than any access token lives.</summary>
    static readonly TimeSpan TrustAfterRetirement = TimeSpan.FromHours(2);
    static readonly TimeSpan ReloadInterval = TimeSpan.FromSeconds(30);

    IReadOnlyList<ECDsaSecurityKey> keys = [];

    /// <summary>The key to sign with.</summary>
    public SigningCredentials Current => new(keys[0], SecurityAlgorithms.EcdsaSha256);

    /// <summary>Every key whose tokens are good, the one in use first.</summary>
    public IReadOnlyList<ECDsaSecurityKey> Trusted => keys;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var transaction = await database.BeginAsync(cancellationToken))
        {
            if (await AddAsync(transaction, onlyFirst: true, cancellationToken)) await transaction.CommitAsync(cancellationToken);
        }

        await ReloadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Puts a new key in use; the one before is retired.</summary>
    public async Task RotateAsync(Transaction transaction, CancellationToken ct)
    {
        // Two rotations at once happen one after the other; readers do not wait.
        await transaction.ExecuteAsync("lock table signing_key in share row exclusive mode", null, ct);
        await transaction.ExecuteAsync("update signing_key set retired_at = @Now where retired_at is null", transaction, ct);
        await AddAsync(transaction, onlyFirst: false, ct);
    }

    /// <summary>Reads the keys of the table.</summary>
    public async Task ReloadAsync(CancellationToken ct)
    {
        var rows = await database.QueryAsync<(string Id, byte[] PrivateKey)>("""
            select id, private_key from signing_key where retired_at is null or retired_at > @since
            order by retired_at desc nulls first limit 20
            """, new { since = clock.GetUtcNow() - TrustAfterRetirement }, ct);
        keys = [.. rows.Select(row =>
        {
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(row.PrivateKey, out _);
            return new ECDsaSecurityKey(key) { KeyId = row.Id };
        })];
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(ReloadInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await ReloadAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("The signing keys are read again soon: {Message}", e.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Of several processes that start at once on an empty table one adds the first key; the constraint decides.</summary>
    static async Task<bool> AddAsync(Transaction transaction, bool onlyFirst, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var added = await transaction.ExecuteAsync($"""
            insert into signing_key (id, private_key, created_at) values (@id, @privateKey, @Now)
            {(onlyFirst ? "on conflict do nothing" : "")}
            """, new { id = Guid.NewGuid().ToString("N"), privateKey = key.ExportPkcs8PrivateKey(), transaction.Now }, ct);
        return added == 1;
    }
}

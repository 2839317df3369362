using TechMarket.Accounts.Sessions;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.ApiKeys;

/// <summary>Keys for machines: shown once, kept as hashes, confined to some of their owner's roles, exchanged for a token as often as needed.</summary>
public static class OwnApiKeys
{
    const int NameMax = 60;
    const int KeysMax = 20;

    /// <summary>401: unknown or revoked.</summary>
    public static readonly Refusal Worthless = new("api-key-worthless", "API 密钥无效或已撤销。", "The API key is unknown or was revoked.");

    /// <summary>403: a key can do no more than its owner.</summary>
    public static readonly Refusal RoleNotYours = new("role-not-yours", "密钥的角色不能超出本人所有的角色。", "A key can have none but your own roles.");

    /// <summary>409: too many keys.</summary>
    public static readonly Refusal TooMany = new("too-many-api-keys", $"每人最多 {KeysMax} 个密钥，请先撤销不用的。", "You have too many keys; revoke some first.");

    /// <summary>Maps the endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/api-keys", ListAsync).ForSignedIn().Produces<ApiKeyList>().WithSummary("List one's own API keys");
        routes.MapPost("/api/api-keys", MakeAsync).ForSignedIn().Produces<NewApiKey>(201).ProducesProblem(400).ProducesProblem(403)
            .WithSummary("Make an API key; it is shown this once");
        routes.MapDelete("/api/api-keys/{id:guid}", RevokeAsync).ForSignedIn().Produces(204).ProducesProblem(404).WithSummary("Revoke an API key");
        routes.MapPost("/api/tokens/api-key", ExchangeAsync).ForAnyone().Produces<TokenAnswer>().ProducesProblem(400).ProducesProblem(401)
            .WithSummary("Exchange an API key for tokens");
    }

    static async Task<IResult> ListAsync(Caller caller, Database database, CancellationToken ct) =>
        Answer.Ok(new ApiKeyList(await database.QueryAsync<ApiKeyAnswer>("""
            select id, name, roles, created_at, last_used_at from api_key where person_id = @PersonId and revoked_at is null
            order by created_at desc limit 100
            """, caller, ct)));

    static async Task<IResult> MakeAsync(ApiKeyRequest request, Caller caller, Database database, CancellationToken ct)
    {
        var shape = new Shape();
        var name = shape.Text("name", request.Name, NameMax);
        var roles = shape.Texts("roles", request.Roles, 10, 30, 1).Distinct().ToArray();
        if (shape.Problem is { } problem) return problem;
        if (!roles.All(caller.Is) || roles.Contains(Roles.Admin)) return Answer.Forbidden(RoleNotYours);

        await using var transaction = await database.BeginAsync(ct);
        await transaction.ExecuteAsync("select 1 from person where id = @PersonId for update", new { caller.PersonId }, ct);
        var count = await transaction.SingleOrDefaultAsync<long>(
            "select count(1) from api_key where person_id = @PersonId and revoked_at is null", new { caller.PersonId }, ct);
        if (count >= KeysMax) return Answer.Refused(TooMany);
        var id = Guid.CreateVersion7(transaction.Now);
        var secret = $"tmk_{Secrets.New()}";
        await transaction.ExecuteAsync("""
            insert into api_key (id, person_id, name, secret_hash, roles, created_at) values (@id, @PersonId, @name, @hash, @roles, @Now)
            """, new { id, caller.PersonId, name, hash = Secrets.Hash(secret), roles, transaction.Now }, ct);
        transaction.Audit(caller, "api_key.made", id, new { roles });
        await transaction.CommitAsync(ct);
        return Answer.Created($"/api/api-keys/{id}", new NewApiKey(id, name, secret, roles));
    }

    static async Task<IResult> RevokeAsync(Guid id, Caller caller, Database database, SessionEnding ending, CancellationToken ct)
    {
        await using var transaction = await database.BeginAsync(ct);
        var revoked = await transaction.ExecuteAsync(
            "update api_key set revoked_at = @Now where id = @id and person_id = @PersonId and revoked_at is null",
            new { id, caller.PersonId, transaction.Now }, ct);
        if (revoked == 0) return Answer.NotFound;
        await ending.EndOfDeviceAsync(transaction, caller.PersonId, Device(id), ct);
        transaction.Audit(caller, "api_key.revoked", id);
        return await transaction.CommitAsync(Answer.Done, ct);
    }

    static async Task<IResult> ExchangeAsync(ApiKeyExchange request, Database database, SessionMaking making, CancellationToken ct)
    {
        var shape = new Shape();
        var secret = shape.Text("apiKey", request.ApiKey, 100);
        if (shape.Problem is { } problem) return problem;
        await using var transaction = await database.BeginAsync(ct);
        var key = await transaction.SingleOrDefaultAsync<KeyRow>("""
            update api_key set last_used_at = @Now where secret_hash = @hash and revoked_at is null returning id, person_id, roles
            """, new { hash = Secrets.Hash(secret), transaction.Now }, ct);
        var bearer = key is null ? null : await transaction.SingleOrDefaultAsync<Bearer>(
            $"{Bearer.Query} where p.id = @PersonId and p.status = 'active'", key, ct);
        return bearer is null
            ? new Answer(401, Problem.Of(401, Worthless))
            : await making.BeginAsync(transaction, bearer, Device(key!.Id), ct, key.Roles);
    }

    /// <summary>How the sessions of a key call themselves.</summary>
    static string Device(Guid keyId) => $"api-key {keyId:N}";

    sealed class KeyRow
    {
        public Guid Id { get; init; }

        public Guid PersonId { get; init; }

        public string[] Roles { get; init; } = [];
    }
}

/// <summary>One's own API keys.</summary>
/// <param name="Items">The newest first.</param>
public sealed record ApiKeyList(IReadOnlyList<ApiKeyAnswer> Items);

/// <summary>An API key without its secret.</summary>
public sealed class ApiKeyAnswer
{
    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>What its owner calls it.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it may do.</summary>
    public string[] Roles { get; init; } = [];

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last exchanged; null when never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

/// <summary>Makes an API key.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="Roles">Some of the owner's roles.</param>
public sealed record ApiKeyRequest(string? Name, IReadOnlyList<string?>? Roles);

/// <summary>A new API key.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="ApiKey">The secret; it is not shown again.</param>
/// <param name="Roles">What it may do.</param>
public sealed record NewApiKey(Guid Id, string Name, string ApiKey, IReadOnlyList<string> Roles);

/// <summary>Exchanges an API key.</summary>
/// <param name="ApiKey">The secret.</param>
public sealed record ApiKeyExchange(string? ApiKey);

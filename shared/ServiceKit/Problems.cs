using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace TechMarket.ServiceKit;

/// <summary>A text in the two languages of the market.</summary>
/// <param name="Chinese">zh-CN.</param>
/// <param name="English">en.</param>
public sealed record Words(string Chinese, string English)
{
    /// <summary>The text in one of them.</summary>
    public string In(string language) => language == "en" ? English : Chinese;
}

/// <summary>The language a caller asked for.</summary>
public static class Language
{
    /// <summary><c>en</c> when Accept-Language prefers English to Chinese, else <c>zh-CN</c>.</summary>
    public static string Of(HttpContext context)
    {
        var wanted = context.Request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value ?? "")
            .FirstOrDefault(language => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase)
                || language.StartsWith("en", StringComparison.OrdinalIgnoreCase));
        return wanted?.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true ? "en" : "zh-CN";
    }
}

/// <summary>Why a rule of the market says no. A value, declared beside the rule that gives it.</summary>
/// <param name="Type">Stable, kebab-case; becomes <c>urn:techmarket:TYPE</c>.</param>
/// <param name="Chinese">The title in zh-CN.</param>
/// <param name="English">The title in en.</param>
public sealed record Refusal(string Type, string Chinese, string English);

/// <summary>The refusals that every service knows.</summary>
public static class Refusals
{
    /// <summary>400: fields of the request are missing or malformed.</summary>
    public static readonly Refusal InvalidRequest = new("invalid-request", "请求内容有误，请检查标出的字段。", "The request is not valid; see the fields named.");

    /// <summary>401: no token, or one that is worth nothing any more.</summary>
    public static readonly Refusal NotSignedIn = new("not-signed-in", "请先登录。", "Sign in first.");

    /// <summary>403: the caller's role does not allow it.</summary>
    public static readonly Refusal NotAllowed = new("not-allowed", "您的角色无权进行此操作。", "Your role does not allow this.");

    /// <summary>403: an organisation that is not verified can look, but not list, bid or sign.</summary>
    public static readonly Refusal OrganisationNotVerified =
        new("organisation-not-verified", "所在单位尚未通过核验，暂不能进行此操作。", "Your organisation is not verified yet and cannot do this.");

    /// <summary>403: decisions of a bureau or registry are confined to its region.</summary>
    public static readonly Refusal OutsideJurisdiction =
        new("outside-jurisdiction", "该事项不在本机构的管辖区域内。", "This lies outside your jurisdiction.");

    /// <summary>404.</summary>
    public static readonly Refusal NotFound = new("not-found", "未找到所请求的内容。", "There is nothing here.");

    /// <summary>405.</summary>
    public static readonly Refusal MethodNotAllowed = new("method-not-allowed", "此地址不支持该请求方法。", "This address does not take that method.");

    /// <summary>413.</summary>
    public static readonly Refusal BodyTooLarge = new("body-too-large", "请求内容过大。", "The request body is too large.");

    /// <summary>415.</summary>
    public static readonly Refusal UnsupportedMediaType =
        new("unsupported-media-type", "请求内容须为 JSON（application/json）。", "The request body must be JSON (application/json).");

    /// <summary>422: the key was used for another request.</summary>
    public static readonly Refusal IdempotencyKeyReused =
        new("idempotency-key-reused", "该 Idempotency-Key 已用于另一个请求。", "This Idempotency-Key was used for another request.");

    /// <summary>409: another service has not announced the thing here yet; try again.</summary>
    public static readonly Refusal NotYetKnown =
        new("not-yet-known", "所引用的内容尚未同步到此处，请稍后重试。", "What you refer to has not arrived here yet; try again shortly.");

    /// <summary>412: the thing changed since it was read.</summary>
    public static readonly Refusal VersionChanged =
        new("version-changed", "内容已被他人修改，请刷新后重试。", "It was changed since you read it; read it again.");

    /// <summary>409: the thing is not in a state that allows this step.</summary>
    public static readonly Refusal WrongState = new("wrong-state", "当前状态不允许进行此操作。", "Its present state does not allow this.");

    /// <summary>429.</summary>
    public static readonly Refusal TooManyRequests = new("too-many-requests", "请求过于频繁，请稍后再试。", "Too many requests; try again shortly.");

    /// <summary>500: a bug of ours; the trace id finds it in the logs.</summary>
    public static readonly Refusal Unexpected = new("unexpected", "系统出现意外错误，请稍后重试。", "Something went wrong on our side; please try again.");

    /// <summary>503: the database or another part does not answer.</summary>
    public static readonly Refusal Unavailable = new("unavailable", "服务暂时不可用，请稍后重试。", "The service is unavailable for a moment; try again shortly.");
}

/// <summary>An RFC 9457 problem before its language is known.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Refusal">What it is.</param>
/// <param name="Errors">For bad input: what is wrong with each field, by its JSON path.</param>
/// <param name="Detail">Facts of this occurrence that help the caller: the lowest bid that would be taken, the state it is in.</param>
public sealed record Problem(int Status, Refusal Refusal, IReadOnlyDictionary<string, IReadOnlyList<Words>>? Errors, object? Detail)
{
    /// <summary>A problem without fields.</summary>
    public static Problem Of(int status, Refusal refusal, object? detail = null) => new(status, refusal, null, detail);

    /// <summary>The problem as it is sent.</summary>
    public RenderedProblem In(string language) => new(
        $"urn:techmarket:{Refusal.Type}",
        language == "en" ? Refusal.English : Refusal.Chinese,
        Status,
        Errors?.ToDictionary(error => error.Key, error => error.Value.Select(words => words.In(language)).ToArray()),
        Detail,
        System.Diagnostics.Activity.Current?.TraceId.ToString());
}

/// <summary>An RFC 9457 problem as it is sent.</summary>
/// <param name="Type">Stable name, <c>urn:techmarket:…</c>.</param>
/// <param name="Title">In the caller's language.</param>
/// <param name="Status">The HTTP status again.</param>
/// <param name="Errors">For bad input: what is wrong with each field.</param>
/// <param name="Facts">Facts of this occurrence.</param>
/// <param name="TraceId">Finds the request in the logs.</param>
public sealed record RenderedProblem(
    string Type,
    string Title,
    int Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] object? Facts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceId);

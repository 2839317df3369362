using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace TechMarket.ServiceKit;

/// <summary>What a use case answers: a status, a body, and where a created thing is found. It is a value, so that it can be remembered for
/// an idempotent request.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">Written as JSON; null for none.</param>
/// <param name="Location">Where the created thing is found, for 201.</param>
public sealed record Answer(int Status, object? Body, string? Location = null) : IResult
{
    /// <summary>The version of the thing, sent as <c>ETag</c>.</summary>
    public long? Version { get; init; }

    /// <summary>Seconds after which the caller may try again, sent as <c>Retry-After</c>.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>200 with a body.</summary>
    public static Answer Ok(object body) => new(StatusCodes.Status200OK, body);

    /// <summary>201 with the created thing.</summary>
    public static Answer Created(string location, object body) => new(StatusCodes.Status201Created, body, location);

    /// <summary>204: done, nothing to say.</summary>
    public static Answer Done { get; } = new(StatusCodes.Status204NoContent, null);

    /// <summary>409: a rule of the market speaks against it.</summary>
    public static Answer Refused(Refusal refusal, object? detail = null) => new(StatusCodes.Status409Conflict, Problem.Of(409, refusal, detail));

    /// <summary>403: not for this caller, and the caller may know that the thing exists.</summary>
    public static Answer Forbidden(Refusal refusal) => new(StatusCodes.Status403Forbidden, Problem.Of(403, refusal));

    /// <summary>404: not there, or not for this caller to know.</summary>
    public static Answer NotFound { get; } = new(StatusCodes.Status404NotFound, Problem.Of(404, Refusals.NotFound));

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        if (Location is not null) response.Headers.Location = Location;
        if (Version is { } version) response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
        if (RetryAfterSeconds is { } seconds) response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Body is null) return;
        response.ContentType = Body is Problem ? "application/problem+json; charset=utf-8" : "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(response.Body, Rendered(httpContext), Json.Options, httpContext.RequestAborted);
    }

    /// <summary>The body in the caller's language.</summary>
    internal object? Rendered(HttpContext httpContext) => Body is Problem problem ? problem.In(Language.Of(httpContext)) : Body;
}

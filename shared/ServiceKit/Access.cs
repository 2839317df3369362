using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace TechMarket.ServiceKit;

/// <summary>Who may call an endpoint. Every endpoint has one; a host with an endpoint that has none does not start.</summary>
/// <param name="SignedIn">A token is needed.</param>
/// <param name="Roles">One of these roles is needed; empty for any.</param>
/// <param name="Verified">The caller's organisation must be verified.</param>
public sealed record AccessRule(bool SignedIn, IReadOnlyList<string> Roles, bool Verified);

/// <summary>Declares beside a route who may call it.</summary>
public static class Access
{
    /// <summary>Anyone, signed in or not.</summary>
    public static TBuilder ForAnyone<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(false, [], false));

    /// <summary>Any signed-in person, of a verified organisation or not.</summary>
    public static TBuilder ForSignedIn<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(true, [], false));

    /// <summary>People with one of these roles whose organisation is verified. Operators need no organisation.</summary>
    public static TBuilder ForRoles<TBuilder>(this TBuilder route, params string[] roles)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new AccessRule(true, roles, true));

    /// <summary>Checks the rule of the endpoint that was found, before anything of the request's body is read.</summary>
    internal static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var refusal = context.GetEndpoint()?.Metadata.GetMetadata<AccessRule>() is { } rule ? Refuse(rule, context) : null;
        if (refusal is null) await next(context);
        else await refusal.ExecuteAsync(context);
    }

    static Answer? Refuse(AccessRule rule, HttpContext context)
    {
        var caller = Caller.Of(context);
        // A token that is sent must be good, even where none is needed: silence would hide the mistake.
        if (!caller.IsSignedIn && (rule.SignedIn || context.Request.Headers.Authorization.Count > 0))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return new Answer(401, Problem.Of(401, Refusals.NotSignedIn));
        }

        if (rule.Roles.Count > 0 && !rule.Roles.Any(caller.Is)) return Answer.Forbidden(Refusals.NotAllowed);
        return rule.Verified && !caller.Is(Roles.Operator) && caller.Organisation is not { Verified: true }
            ? Answer.Forbidden(Refusals.OrganisationNotVerified)
            : null;
    }
}

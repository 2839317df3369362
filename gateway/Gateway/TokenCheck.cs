using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using TechMarket.ServiceKit;

namespace TechMarket.Gateway;

/// <summary>A token that is sent must be good: a bad one is refused at the door. Services check again, and whether the caller may.</summary>
static class TokenCheck
{
    const int RetryAfterSeconds = 2;

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        // Keys are fetched at the first token, so that the gateway may start before Accounts.
        if (configuration["Tokens:Jwks"] is null) configuration["Tokens:Authority"] ??= Routes.Address(configuration, "accounts").ToString();
        ServiceHost.AddTokens(services, configuration);
    }

    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var result = await context.AuthenticateAsync(JwtBearerDefaults.AuthenticationScheme);
            if (!result.Succeeded)
            {
                if (result.Failure is SecurityTokenSignatureKeyNotFoundException && !await HasKeysAsync(context))
                {
                    await (new Answer(503, Problem.Of(503, Refusals.Unavailable)) { RetryAfterSeconds = RetryAfterSeconds }).ExecuteAsync(context);
                    return;
                }

                context.Response.Headers.WWWAuthenticate = "Bearer";
                await new Answer(401, Problem.Of(401, Refusals.NotSignedIn)).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    }

    /// <summary>False while Accounts has not been reached yet: a token is then neither good nor bad.</summary>
    static async Task<bool> HasKeysAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(JwtBearerDefaults.AuthenticationScheme);
        try
        {
            return options.ConfigurationManager is null || await options.ConfigurationManager.GetConfigurationAsync(context.RequestAborted) is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

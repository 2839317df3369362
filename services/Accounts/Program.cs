using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TechMarket.Accounts.ApiKeys;
using TechMarket.Accounts.Keys;
using TechMarket.Accounts.Mail;
using TechMarket.Accounts.Organisations;
using TechMarket.Accounts.People;
using TechMarket.Accounts.Sessions;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts;

/// <summary>The table of contents of the service.</summary>
public static class Program
{
    /// <summary>Everything the service is made of.</summary>
    public static readonly ServiceDefinition Service = new(
        "accounts", [typeof(Parameters).Assembly, typeof(Program).Assembly], Endpoints, [], Services);

    /// <summary>Runs it as a process of its own.</summary>
    public static Task<int> Main(string[] args) => ServiceHost.RunAsync(Service, args);

    static void Endpoints(IEndpointRouteBuilder routes)
    {
        ParameterEndpoints.Map(routes, Service.Name);
        SignUp.Map(routes);
        ReadOrganisations.Map(routes);
        VerifyOrganisation.Map(routes);
        SuspendOrganisation.Map(routes);
        SetJurisdiction.Map(routes);
        AddPerson.Map(routes);
        ManagePeople.Map(routes);
        OwnData.Map(routes);
        ForgottenPassword.Map(routes);
        ChangeOfEmail.Map(routes);
        SignIn.Map(routes);
        RefreshTokens.Map(routes);
        OwnSessions.Map(routes);
        OwnApiKeys.Map(routes);
        PublishKeys.Map(routes);
    }

    static void Services(IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(provider => Parameters.Read(Service.Name, typeof(Program).Assembly, provider.GetRequiredService<Database>()));
        services.AddSingleton<Passwords>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<SessionMaking>();
        services.AddSingleton<SessionEnding>();
        services.AddSingleton<MailTokens>();
        services.AddSingleton<Mailbox>();
        services.AddHostedService(provider => provider.GetRequiredService<Mailbox>());
        services.AddSingleton<SigningKeys>();
        services.AddHostedService(provider => provider.GetRequiredService<SigningKeys>());
        services.AddHostedService<FirstOperator>();
        // Its own tokens are checked with its own keys, without asking itself by HTTP.
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<SigningKeys>((options, keys) =>
        {
            options.MetadataAddress = null!;
            options.TokenValidationParameters.IssuerSigningKeyResolver = (_, _, _, parameters) =>
                [.. keys.Trusted, .. parameters.IssuerSigningKeys ?? []];
        });
    }
}

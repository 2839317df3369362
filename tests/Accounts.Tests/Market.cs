using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using TechMarket.Accounts.Tests.People;
using TechMarket.TestKit;

namespace TechMarket.Accounts.Tests;

/// <summary>Accounts with a folder for its letters, and the steps that most tests begin with.</summary>
public sealed class Market : IAsyncDisposable
{
    public const string Password = "a long password";
    readonly string files;

    Market(ServiceUnderTest service, string files)
    {
        Service = service;
        this.files = files;
        Letters = new Letters(Path.Combine(files, "mail"));
        Operator = service.As(TestPerson.Operator());
        Nobody = service.As(null);
    }

    public ServiceUnderTest Service { get; }

    public Letters Letters { get; }

    public Client Operator { get; }

    public Client Nobody { get; }

    public static async Task<Market> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var files = Directory.CreateTempSubdirectory("techmarket-accounts-").FullName;
        var all = new Dictionary<string, string?>(settings ?? new Dictionary<string, string?>()) { ["Files"] = files };
        return new Market(await ServiceUnderTest.StartAsync(Program.Service, all), files);
    }

    public static string NewEmail() => $"{Guid.CreateVersion7():N}@example.org";

    /// <summary>A sign-up with everything; a test changes one field of it.</summary>
    public static JsonObject SignUp(string kind = "university", string? uscc = null, string? email = null) => new()
    {
        ["name"] = "蓉江理工大学",
        ["kind"] = kind,
        ["uscc"] = uscc ?? TestPerson.NewUscc(),
        ["regionCode"] = "510100",
        ["admin"] = new JsonObject { ["name"] = "沈砚秋", ["email"] = email ?? NewEmail(), ["password"] = Password },
    };

    /// <summary>An organisation that has signed up and waits.</summary>
    public async Task<Applicant> ApplyAsync(string kind = "university")
    {
        var body = SignUp(kind);
        var id = (await Nobody.PostAsync("/api/organisations", body)).Expect(201).Id;
        return new Applicant(id, (string)body["uscc"]!, (string)body["admin"]!["email"]!);
    }

    /// <summary>An organisation that has been verified.</summary>
    public async Task<Applicant> AdmitAsync(string kind = "university")
    {
        var applicant = await ApplyAsync(kind);
        await VerifyAsync(applicant.OrganisationId);
        return applicant;
    }

    public async Task VerifyAsync(Guid organisation) =>
        (await Operator.PostAsync($"/api/organisations/{organisation}/verification", new { decision = "verified" })).Expect(200);

    public Task<Reply> TrySignInAsync(string email, string password = Password) => Nobody.PostAsync("/api/tokens", new { email, password });

    public async Task<SignedIn> SignInAsync(string email, string password = Password) =>
        Holding((await TrySignInAsync(email, password)).Expect(200));

    /// <summary>The administrator of a new, verified organisation, signed in.</summary>
    public async Task<SignedIn> AdminAsync(string kind = "university") => await SignInAsync((await AdmitAsync(kind)).Email);

    /// <summary>Whoever holds the tokens of an answer.</summary>
    public SignedIn Holding(Reply tokens) => new(
        With((string)tokens["accessToken"]!), (string)tokens["accessToken"]!, (string)tokens["refreshToken"]!);

    /// <summary>Calls with a token as it is.</summary>
    public Client With(string accessToken)
    {
        var http = new HttpClient { BaseAddress = Service.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return new Client(http);
    }

    /// <summary>Adds a colleague with the password of all; answers its id and address.</summary>
    public static async Task<(Guid Id, string Email)> AddAsync(SignedIn admin, params string[] roles)
    {
        var email = NewEmail();
        return ((await admin.Client.PostAsync("/api/users", new { name = "顾长风", email, password = Password, roles })).Expect(201).Id, email);
    }

    public Task<Reply> RefreshAsync(string refreshToken) => Nobody.PostAsync("/api/tokens/refresh", new { refreshToken });

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(files, recursive: true);
    }
}

/// <summary>An organisation that signed up.</summary>
/// <param name="OrganisationId">Its id.</param>
/// <param name="Uscc">Its code.</param>
/// <param name="Email">The address of its first person.</param>
public sealed record Applicant(Guid OrganisationId, string Uscc, string Email);

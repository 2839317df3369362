using System.Text.Json.Nodes;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Certificates;

/// <summary>Anyone checks a certificate by its number: what it states, and the text whose hash it carries.</summary>
public static class VerifyCertificate
{
    const int NumberLengthMax = 32;

    /// <summary>Maps the endpoint.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/certificates/{registrationNumber}", HandleAsync).ForAnyone().Produces<CertificateStatement>().ProducesProblem(404)
            .WithSummary("Verify a certificate by its registration number");

    static async Task<IResult> HandleAsync(string registrationNumber, Database database, CancellationToken ct)
    {
        if (registrationNumber.Length > NumberLengthMax) return Answer.NotFound;
        var row = await database.SingleOrDefaultAsync<Row>(
            "select statement, hash, issued_at from certificate where registration_number = @registrationNumber", new { registrationNumber }, ct);
        if (row is null) return Answer.NotFound;
        var answer = JsonNode.Parse(row.Statement)!.AsObject();
        answer["hash"] = row.Hash;
        answer["hashAlgorithm"] = "SHA-256";
        answer["statement"] = row.Statement;
        answer["status"] = "valid";
        answer["issuedAt"] = JsonValue.Create(row.IssuedAt.UtcDateTime);
        return Answer.Ok(answer);
    }

    sealed record Row(string Statement, string Hash, DateTimeOffset IssuedAt);
}

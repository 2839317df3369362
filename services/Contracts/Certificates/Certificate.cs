using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TechMarket.Contracts.Registration;
using TechMarket.Events;
using TechMarket.MarketKit;
using TechMarket.ServiceKit;

namespace TechMarket.Contracts.Certificates;

/// <summary>What a certificate states, in one spelling, and the hash of that spelling.</summary>
/// <param name="Statement">The JSON that is hashed: the fields in their order, no blanks.</param>
/// <param name="Hash">SHA-256 of its UTF-8 bytes, lower-case hexadecimal.</param>
sealed record Certificate(string Statement, string Hash)
{
    /// <summary>The certificate of a contract that has its number.</summary>
    public static Certificate Of(Contract contract, string registry)
    {
        var deal = contract.Deal;
        var statement = JsonSerializer.Serialize(new CertificateStatement(
            contract.RegistrationNumber!, contract.Title, contract.Kind, Side(deal.Seller), Side(deal.Buyer), Money.Cny(contract.Value),
            Money.Cny(contract.TechnicalAmount), deal.TechField, deal.IntellectualProperty, contract.ContentHash!, registry,
            ShanghaiTime.DateOf(contract.RegisteredAt!.Value)), Json.Options);
        return new Certificate(statement, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(statement))));
    }

    static CertificateParty Side(PartyFact party) => new(party.Name, party.Uscc, party.RegionCode);
}

/// <summary>What a certificate states (R5.10).</summary>
/// <param name="RegistrationNumber">认定登记编号.</param>
/// <param name="Title">项目名称.</param>
/// <param name="Kind">合同类别.</param>
/// <param name="Seller">卖方.</param>
/// <param name="Buyer">买方.</param>
/// <param name="Value">合同成交额.</param>
/// <param name="TechnicalAmount">技术交易额.</param>
/// <param name="TechField">技术领域.</param>
/// <param name="IntellectualProperty">知识产权.</param>
/// <param name="ContentHash">The hash of the signed wording.</param>
/// <param name="Registry">登记机构.</param>
/// <param name="RegisteredOn">登记日期, in Shanghai.</param>
public sealed record CertificateStatement(
    string RegistrationNumber, string Title, string Kind, CertificateParty Seller, CertificateParty Buyer, Money Value, Money TechnicalAmount,
    string? TechField, IReadOnlyList<IntellectualPropertyFact> IntellectualProperty, string ContentHash, string Registry, DateOnly RegisteredOn);

/// <summary>A side, as a certificate names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uscc">统一社会信用代码.</param>
/// <param name="RegionCode">GB/T 2260.</param>
public sealed record CertificateParty(string Name, string Uscc, string RegionCode);

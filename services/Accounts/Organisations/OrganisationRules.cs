using System.Collections.Frozen;
using TechMarket.ServiceKit;

namespace TechMarket.Accounts.Organisations;

/// <summary>Which roles people of an organisation may have (design §8).</summary>
public static class OrganisationRules
{
    static readonly string[] Science = [Roles.Provider, Roles.Reviewer, Roles.Expert, Roles.Commissioner];

    static readonly FrozenDictionary<string, string[]> RolesOfKind = new Dictionary<string, string[]>
    {
        ["university"] = Science,
        ["institute"] = Science,
        ["hospital"] = Science,
        ["enterprise"] = [Roles.Seeker, Roles.Provider, Roles.Expert],
        ["broker"] = [Roles.Broker],
        ["service_agency"] = [Roles.Broker],
        ["financial_institution"] = [Roles.Financier],
        ["association"] = [Roles.Officer],
        ["registry"] = [Roles.Registrar],
        ["bureau"] = [Roles.Bureau, Roles.Officer, Roles.Auditor],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>403: an administrator grants only roles of the organisation's kind; <c>operator</c> is granted by operators alone.</summary>
    public static readonly Refusal RoleNotOfKind =
        new("role-not-of-kind", "该角色不属于本类单位，不能授予。", "Organisations of this kind cannot grant that role.");

    /// <summary>Every role that can be granted.</summary>
    public static readonly FrozenSet<string> Grantable =
        RolesOfKind.Values.SelectMany(roles => roles).Append(Roles.Operator).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What the first person of an organisation may do once it is verified.</summary>
    public static string[] FirstRoles(string kind) => kind == "enterprise" ? [Roles.Seeker, Roles.Provider] : [RolesOfKind[kind][0]];

    /// <summary>True when all roles may be granted to people of an organisation of a kind.</summary>
    public static bool MayGrant(string kind, IEnumerable<string> roles) => roles.All(RolesOfKind[kind].Contains);

    /// <summary>True for kinds that decide within a jurisdiction.</summary>
    public static bool HasJurisdiction(string kind) => kind is "bureau" or "registry";
}

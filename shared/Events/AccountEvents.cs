namespace TechMarket.Events;

/// <summary>The whole public state of an organisation after any change: admission, verification, suspension, renaming.
/// A later <paramref name="Version"/> replaces an earlier one.</summary>
/// <param name="OrganisationId">Its id.</param>
/// <param name="Version">Counts the changes of this organisation from 1.</param>
/// <param name="Name">Its registered name.</param>
/// <param name="Kind">university, institute, hospital, enterprise, broker, service_agency, financial_institution, association, registry or bureau.</param>
/// <param name="Uscc">统一社会信用代码, 18 characters (GB 32100-2015).</param>
/// <param name="RegionCode">GB/T 2260, six digits.</param>
/// <param name="Status">pending, verified, rejected or suspended.</param>
/// <param name="Jurisdiction">Region codes whose subtrees it decides for (bureau, registry); empty for others.</param>
/// <param name="ChangedAt">When it changed.</param>
/// <param name="HasReviewer">Somebody in it reviews achievements before they leave the house (审核人); null in messages of before it was told.</param>
public sealed record OrganisationChanged(
    Guid OrganisationId,
    long Version,
    string Name,
    string Kind,
    string Uscc,
    string RegionCode,
    string Status,
    IReadOnlyList<string> Jurisdiction,
    DateTimeOffset ChangedAt,
    bool? HasReviewer = null);

/// <summary>A session ended before its tokens expire: signed out, suspended, password changed. Tokens that name it are worth nothing from now on.</summary>
/// <param name="SessionId">The «sid» claim of the tokens.</param>
/// <param name="PersonId">Whose session it was.</param>
/// <param name="RevokedAt">When it ended.</param>
/// <param name="TokensExpireAt">After this time the entry may be forgotten, for the tokens have expired by themselves.</param>
public sealed record SessionRevoked(Guid SessionId, Guid PersonId, DateTimeOffset RevokedAt, DateTimeOffset TokensExpireAt);

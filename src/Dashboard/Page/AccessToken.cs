using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Involute.Dashboard.Page;

/// <summary>
/// What a page has to show before it is told anything. It stands behind the # of the URL, which browsers do not send, and comes
/// in a header, which no other page can set: a page on the web cannot ride on it, as it could on a cookie.
/// </summary>
/// <param name="text">The token.</param>
internal sealed class AccessToken(string text)
{
    /// <summary>The header of each request.</summary>
    public const string Header = "X-Involute-Token";

    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>A token that cannot be guessed.</summary>
    public static string Make() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a request has it.</summary>
    public bool IsIn(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers[Header] is [{ } given]
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _digest);
    }
}

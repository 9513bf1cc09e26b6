using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.CommandLine;

[UnsupportedOSPlatform("windows")]
[Trait("Speed", "slow")]
public sealed class CertsTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_certificate_is_made_for_its_owner_only_shown_and_never_overwritten()
    {
        var made = (await CreateAsync("certs", "--name", "node-7")).Expect(0);
        var path = _folder.File(Path.Combine("certs", "node-7.pfx"));
        Assert.Contains(path, made.AllOutput, StringComparison.Ordinal);
        Assert.Contains("--trust", made.AllOutput, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.File("certs")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        using var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, null);
        using var key = certificate.GetECDsaPrivateKey();
        var now = TimeProvider.System.GetUtcNow();
        Assert.Equal("CN=node-7", certificate.Subject);
        Assert.Equal("1.2.840.10045.3.1.7", key!.ExportParameters(false).Curve.Oid.Value);
        Assert.InRange(certificate.NotAfter, now.AddYears(2).AddDays(-1).LocalDateTime, now.AddYears(2).LocalDateTime);
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages;
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], usages.Cast<System.Security.Cryptography.Oid>().Select(
            usage => usage.Value));

        var shown = (await InvoluteProcess.RunAsync(["certs", "show", path])).Expect(0);
        var thumbprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        Assert.All([made, shown], outcome => Assert.Contains(thumbprint, outcome.AllOutput, StringComparison.Ordinal));

        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        (await CreateAsync("certs", "--name", "node-7")).ExpectOneLine(64, path, "already exists");
        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));

        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.GroupRead);
        (await InvoluteProcess.RunAsync(["certs", "show", path])).ExpectOneLine(1, path, "chmod 600");
        (await WorkerAsync("--certificate", path)).ExpectOneLine(64, path, "chmod 600");
    }

    [Theory]
    [InlineData("", "the value is empty")]
    [InlineData("../escape", "letters, digits")]
    [InlineData(".hidden", "letters, digits")]
    [InlineData("a,b", "letters, digits")]
    public async Task A_name_that_is_no_file_name_is_64(string name, string problem)
    {
        (await CreateAsync("certs", "--name", name)).ExpectOneLine(64, "--name", problem);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_74()
    {
        await File.WriteAllTextAsync(_folder.File("certs"), "", TestContext.Current.CancellationToken);
        (await CreateAsync("certs")).ExpectOneLine(74, "certs");
    }

    [Fact]
    public async Task What_is_no_certificate_is_64_and_says_which_file()
    {
        var missing = _folder.File("missing.pfx");
        (await WorkerAsync("--certificate", missing)).ExpectOneLine(64, missing);
        (await InvoluteProcess.RunAsync(["certs", "show", missing])).ExpectOneLine(64, missing);

        var text = _folder.File("text.pfx");
        await File.WriteAllTextAsync(text, "no certificate", TestContext.Current.CancellationToken);
        (await InvoluteProcess.RunAsync(["certs", "show", text])).ExpectOneLine(64, text, "PKCS #12");
    }

    [Theory]
    [InlineData("0123", "64 hexadecimal digits")]
    [InlineData("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709", "SHA-256")]
    [InlineData(",", "no thumbprint given")]
    public async Task A_thumbprint_of_another_form_is_64(string trust, string part) =>
        (await WorkerAsync("--certificate", "any.pfx", "--trust", trust)).ExpectOneLine(64, "--trust", part);

    [Theory]
    [InlineData("10.1.2.3:4053", "--certificate")]
    [InlineData("0.0.0.0:4053", "address or a host name")]
    [InlineData("127.0.0.1:70000", "HOST:PORT")]
    public async Task A_place_to_listen_that_is_not_safe_or_not_there_is_64(string listen, string part) =>
        (await WorkerAsync("--listen", listen)).ExpectOneLine(64, listen, part);

    [Theory]
    [InlineData("127.0.0.1:4053", "0.0.0.0:4054", "--certificate")]
    [InlineData("127.0.0.1:0", "127.0.0.1:4054", "allowed: 1 to 65535")]
    [InlineData("127.0.0.1:4053", "4054", "HOST:PORT")]
    public async Task A_socket_elsewhere_that_is_not_safe_or_not_reachable_is_64(
        string listen, string bind, string part) =>
        (await WorkerAsync("--listen", listen, "--bind", bind)).ExpectOneLine(64, part);

    private static Task<InvoluteOutcome> WorkerAsync(params IEnumerable<string> options) =>
        InvoluteProcess.RunAsync(["worker", "--join", "127.0.0.1:4053", .. options]);

    private Task<InvoluteOutcome> CreateAsync(string folder, params IEnumerable<string> options) =>
        InvoluteProcess.RunAsync(["certs", "create", _folder.File(folder), .. options]);
}

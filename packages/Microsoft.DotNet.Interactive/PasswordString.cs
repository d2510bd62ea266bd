namespace Microsoft.DotNet.Interactive;

/// <summary>A password, which printing does not show.</summary>
public class PasswordString(string clearTextPassword)
{
    public string GetClearTextPassword() => clearTextPassword;

    public override string ToString() => "************";
}

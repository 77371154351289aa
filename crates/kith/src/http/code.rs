//! The codes of problems: what each means in both languages, and what to do about it.

use axum::http::StatusCode;
use kith_core::Language;

/// Writes the enum, the words and the sentences from one list, so that none of them can forget a code.
macro_rules! codes {
    ($($name:ident $status:literal $code:literal $en:literal $zh:literal / $en_advice:literal $zh_advice:literal;)*) => {
        /// What went wrong, as a stable word that a program can act on.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(clippy::enum_variant_names, reason = "`WrongCode` is of the code that somebody typed")]
        pub enum Code { $($name,)* }

        impl Code {
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub fn status(self) -> StatusCode {
                let status: u16 = match self { $(Self::$name => $status,)* };
                StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }

            /// What happened, in one sentence.
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) { $((Self::$name, Language::En) => $en, (Self::$name, Language::Zh) => $zh,)* }
            }

            /// What to do.
            pub const fn advice(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en_advice, (Self::$name, Language::Zh) => $zh_advice,)*
                }
            }
        }
    };
}

codes! {
    BadRequest 400 "bad-request" "The request cannot be understood." "无法理解该请求。" / "Correct what the detail names." "请更正详情中指出的内容。";
    BadJson 400 "bad-json" "The body is not the JSON that is expected here." "请求内容不是此处要求的 JSON。" / "Compare it with the API document." "请对照接口文档。";
    BadQuery 400 "bad-query" "The address has a parameter that cannot be so." "地址中有不正确的参数。" / "Correct what the detail names." "请更正详情中指出的参数。";
    BadCursor 400 "bad-cursor" "The list cannot be continued from there." "无法从该位置继续列表。" / "Start the list from its beginning." "请从头打开列表。";
    KeyMissing 400 "idempotency-key-missing" "The request has no usable Idempotency-Key." "请求缺少可用的 Idempotency-Key。" / "Send a new random key with each act, and the same one when you repeat it." "每次操作发送一个新的随机键，重试时使用同一个键。";
    NotSignedIn 401 "not-signed-in" "You are not signed in, or your session has ended." "您尚未登录，或登录已失效。" / "Sign in." "请登录。";
    WrongCredentials 401 "wrong-credentials" "Name and password do not fit together." "用户名或密码不正确。" / "Type both again; an owner can make you a link for a new password." "请重新输入；店主可以为您生成重设密码的链接。";
    WrongCode 401 "wrong-code" "This code is not the right one." "验证码不正确。" / "Take the next code, or one of your recovery codes." "请使用下一个验证码，或使用恢复码。";
    TicketExpired 401 "ticket-expired" "The second step came too late." "第二步验证已超时。" / "Begin again with name and password." "请重新输入用户名和密码。";
    Forbidden 403 "forbidden" "Your role does not allow this." "您的角色不允许此操作。" / "Ask an owner to do it, or to change your role." "请店主代为操作，或请其调整您的角色。";
    Csrf 403 "csrf" "The request does not carry the mark of your session." "请求缺少本次登录的标记。" / "Load the page again." "请刷新页面。";
    CrossSite 403 "cross-site" "The request comes from another site." "请求来自其他网站。" / "Use the pages of this Kith." "请使用本系统的页面。";
    MustChangePassword 403 "must-change-password" "Your password was made for one use." "您的密码是一次性的。" / "Choose a password of your own." "请设置自己的密码。";
    Rank 403 "rank" "You cannot act on somebody of your rank or above." "不能对同级或更高级别的用户操作。" / "Ask an owner." "请联系店主。";
    OtherTenants 403 "other-tenants" "This person also works for other businesses." "该用户还属于其他商家。" / "Only somebody who may act in all of them can do this." "只有在所有这些商家都有权限的人才能操作。";
    NotFound 404 "not-found" "There is no such thing here." "此处没有该内容。" / "Look at the list; it may have been removed." "请查看列表，它可能已被删除。";
    NoRoute 404 "no-route" "There is no such address." "没有这个地址。" / "The API document lists all addresses." "接口文档列出了全部地址。";
    Method 405 "method" "This address does not take this method." "该地址不支持此方法。" / "The API document says which it takes." "接口文档说明了支持的方法。";
    Exists 409 "exists" "There is one already." "已存在。" / "Change that one, or choose another name." "请修改已有的，或换一个名称。";
    Conflict 409 "conflict" "Somebody else was faster." "已被他人先行更改。" / "Load it again and repeat your change." "请重新加载后再次操作。";
    WrongOffset 409 "wrong-offset" "This piece does not follow what has arrived." "该片段与已收到的内容不连续。" / "Ask how much has arrived, and go on from there." "请查询已收到的长度，并从该处继续。";
    KeyReused 409 "idempotency-key-reused" "This Idempotency-Key belongs to another request." "该 Idempotency-Key 属于另一请求。" / "Send a new key." "请使用新的键。";
    InFlight 409 "idempotency-in-flight" "The same request is still being worked on." "相同的请求正在处理中。" / "Wait a moment and ask again." "请稍候再试。";
    AlreadyUndone 409 "already-undone" "This import is undone already." "该导入已撤销。" / "Nothing needs to be done." "无需操作。";
    AlreadyStands 409 "already-stands" "This import counts already." "该导入已生效。" / "Nothing needs to be done." "无需操作。";
    NeverCounted 409 "never-counted" "This import never counted." "该导入从未生效。" / "Import the file again." "请重新导入文件。";
    AlreadyImported 409 "already-imported" "The same file was imported before." "相同的文件已导入过。" / "Import it again only if you mean to: the touches count once." "如确有需要可再次导入：相同的触点只计一次。";
    Incomplete 409 "incomplete" "The file has not arrived whole." "文件尚未完整上传。" / "Send the rest first." "请先上传剩余部分。";
    LastOwner 409 "last-owner" "A business needs an owner." "商家至少需要一位店主。" / "Make somebody else an owner first." "请先指定另一位店主。";
    Busy 409 "busy" "This is being worked on already." "正在处理中。" / "Wait until it is done." "请等待完成。";
    LinkExpired 410 "link-expired" "This link was used, withdrawn or is too old." "该链接已使用、已撤回或已过期。" / "Ask whoever sent it for a new one." "请向发送者索取新的链接。";
    TooLarge 413 "too-large" "This is larger than allowed." "内容超过允许的大小。" / "Send less at once." "请减小每次发送的大小。";
    MediaType 415 "media-type" "The body comes in a form that is not read here." "不支持该内容类型。" / "Send JSON unless the API document says otherwise." "除非接口文档另有说明，请发送 JSON。";
    Invalid 422 "invalid" "Something in it cannot be so." "其中有不允许的内容。" / "Correct what the detail names." "请更正详情中指出的内容。";
    NoSuccess 422 "no-definition-of-success" "A campaign cannot start without a definition of success." "没有成功的定义，活动不能开始。" / "Say what is counted, from where to where, until when, and how." "请写明统计什么、从多少到多少、截止日期及统计方法。";
    NothingFits 422 "nothing-fits" "No row of the file could be read this way." "按此方式无法读取文件中的任何一行。" / "Correct what the columns mean." "请更正各列的含义。";
    UnreadableFile 422 "unreadable-file" "The file cannot be read." "无法读取该文件。" / "Open it and save it as CSV or Excel, or say its encoding and separator." "请另存为 CSV 或 Excel，或指定编码与分隔符。";
    BadMapping 422 "bad-mapping" "The columns cannot mean this." "列的含义设置不正确。" / "Correct what the detail names." "请更正详情中指出的内容。";
    PasswordTooShort 422 "password-too-short" "The password is too short." "密码太短。" / "Take at least ten characters; several words are easy to keep." "至少十个字符；由几个词组成更容易记住。";
    PasswordTooLong 422 "password-too-long" "The password is too long." "密码太长。" / "Take a shorter one." "请缩短密码。";
    PasswordCommon 422 "password-common" "This password is among those that are guessed first." "这是最容易被猜到的密码之一。" / "Take another one; several words are easy to keep." "请换一个；由几个词组成更容易记住。";
    PasswordLikeLogin 422 "password-like-login" "The password is like your name." "密码与用户名相似。" / "Take another one." "请换一个。";
    PasswordSimple 422 "password-simple" "The password is a simple row of characters." "密码只是简单的字符序列。" / "Take another one; several words are easy to keep." "请换一个；由几个词组成更容易记住。";
    TooMany 429 "too-many" "These are too many requests." "请求过于频繁。" / "Wait a moment." "请稍候。";
    TooManyAttempts 429 "too-many-attempts" "There were too many attempts to sign in." "登录尝试次数过多。" / "Wait, then try again." "请稍候再试。";
    Internal 500 "internal" "Something went wrong on our side." "系统内部出错。" / "Try again; if it stays, give the request's number to whoever runs this Kith." "请重试；若仍出错，请将请求编号告知系统管理员。";
    Unavailable 503 "unavailable" "This cannot be answered at the moment." "暂时无法处理。" / "Try again in a moment." "请稍后重试。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_word_of_its_own_with_sentences_in_both_languages() {
        let words: std::collections::HashSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.status().is_client_error() || code.status().is_server_error(), "{code:?}");
            assert!(code.title(Language::En).ends_with('.') && code.title(Language::Zh).ends_with('。'), "{code:?}");
            assert!(code.advice(Language::En).ends_with('.') && code.advice(Language::Zh).ends_with('。'), "{code:?}");
        }
    }
}

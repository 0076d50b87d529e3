//! Objects of JSON outputs: each key stands beside what its value is made of.

/// Declares an object of an output, and `of`, which makes it of what it is about.
macro_rules! object {
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident of ($($given:ident: $of:ty),* $(,)?) {
            $($(#[$note:meta])* $seen:vis $key:ident: $type:ty = $value:expr,)*
        }
    ) => {
        #[derive(Debug, serde::Serialize, schemars::JsonSchema)]
        $(#[$about])*
        $vis struct $name {
            $($(#[$note])* $seen $key: $type,)*
        }

        impl $name {
            /// Makes it of what it is about.
            $vis fn of($($given: $of),*) -> Self {
                Self { $($key: $value,)* }
            }
        }
    };
}

pub(super) use object;
